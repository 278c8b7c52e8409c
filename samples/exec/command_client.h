// SPDX-License-Identifier: Apache-2.0
// Sends commands, one after the other, and prints what comes back for each.
#pragma once

#include <cstddef>
#include <string>

#include "samples/exec/exec_framing.h"
#include "samples/exec/frame_receiver.h"
#include "samples/exec/output.h"
#include "samples/sockets.h"

namespace wireseam::samples {

enum class CommandOutcome { Good, Bad };

class CommandClient {
 public:
  // SERVER must outlive it.
  CommandClient(const Connection& server, const ExecOptions& options, size_t recv_size);

  // Bad for a command that failed, as far as the framing tells, and for an answer whose MD5 is
  // wrong. Throws Error where there is no (whole) answer.
  CommandOutcome run(const std::string& command);

  // Prints what is left of a character that the last answer cut.
  void finish() { output_.finish(); }

 private:
  void receive_raw();
  CommandOutcome receive_framed();

  const Connection& server_;
  ExecOptions options_;
  ExecFraming framing_;
  size_t recv_size_;
  FrameReceiver frames_;
  Output output_;
};

}  // namespace wireseam::samples
