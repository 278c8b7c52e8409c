// SPDX-License-Identifier: Apache-2.0
// Runs the sample servers and clients, which lie beside this program.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/fd.h"

namespace wireseam::player {

// What a command's failure means: some scenarios are about one.
enum class Failure : uint8_t { Unexpected, Expected };

// Prints the command and runs it to its end. Throws Error.
void run_sample(const std::vector<std::string>& command, Failure failure = Failure::Unexpected);

// A client that is told its messages while it runs.
class SampleClient {
 public:
  // Prints the command, and starts it. Throws Error.
  explicit SampleClient(const std::vector<std::string>& command);
  // Ends its input, and waits for its end.
  ~SampleClient();
  SampleClient(const SampleClient&) = delete;
  SampleClient& operator=(const SampleClient&) = delete;

  void tell(const std::string& message);

 private:
  pid_t pid_;
  Fd input_;
};

// A server while it runs.
class SampleServer {
 public:
  // Prints the command, and returns when the server listens. Throws Error.
  explicit SampleServer(const std::vector<std::string>& command);
  // Terminates it, and waits for its end.
  ~SampleServer();
  SampleServer(const SampleServer&) = delete;
  SampleServer& operator=(const SampleServer&) = delete;

  const std::string& address() const { return address_; }
  // For one that ends by itself.
  void wait();

 private:
  pid_t pid_;
  Fd output_;
  std::string address_;
};

}  // namespace wireseam::player
