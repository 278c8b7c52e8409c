// SPDX-License-Identifier: Apache-2.0
// The client's half of the conversation: commands, bare or framed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "samples/exec/exec_framing.h"
#include "samples/exec/frame_receiver.h"
#include "samples/sockets.h"

namespace wireseam::samples {

// The longest framed request that is received. (The shell takes 128 KiB: MAX_ARG_STRLEN,
// execve(2).)
constexpr size_t kMaxRequestSize = size_t{1} << 20;

// Warns about a bare one that may not reach the server in one piece.
void send_request(const Connection& to, const ExecOptions& options, std::string_view request);

// Reads requests as a server does.
class RequestReader {
 public:
  // FROM must outlive it.
  RequestReader(const Connection& from, const ExecOptions& options, size_t recv_size);

  // The next request; no value when the client has closed the connection. A bare one is what one
  // recv(2) brings, whether that is a part of a command, one or several, without a newline behind.
  // Throws Error for a framed one that is malformed, damaged, too long, or stops in the middle, and
  // for what looks like a web browser's.
  std::optional<std::string> next();

 private:
  void refuse_web(std::string_view request) const;
  void look_at_first_bytes();
  std::optional<std::string> next_bare();
  std::optional<std::string> next_framed();

  const Connection& from_;
  size_t recv_size_;
  bool has_begun_ = false;
  std::optional<FrameReceiver> frames_;  // where requests are framed
};

}  // namespace wireseam::samples
