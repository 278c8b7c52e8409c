// SPDX-License-Identifier: Apache-2.0
// Receives framed messages from a stream socket. It keeps what one recv(2) brought and at the most
// one header, never a body: memory grows with what the peer has sent, not with what it announces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/framing/frame_reader.h"
#include "common/framing/json_header.h"
#include "samples/exec/exec_framing.h"
#include "samples/sockets.h"

namespace wireseam::samples {

class FrameReceiver {
 public:
  // FRAMING is a name for exec_framing(). FROM must outlive it.
  FrameReceiver(const Connection& from, std::string_view framing, size_t recv_size);

  // The next message's header, of which len32le has the total_size alone; no value when the peer
  // has closed the connection between two messages. To be called when next_piece() has come to the
  // end of the message before. Throws Error "recv PEER: REASON" for a header that is malformed or
  // stops in the middle.
  std::optional<JsonHeader> next_header();

  // The next piece of the body, live until the next call; empty at the body's end. Throws Error
  // when the peer stops in the middle.
  std::string_view next_piece();

 private:
  std::optional<FrameEvent> next_event();
  bool receive();

  const Connection& from_;
  ExecFraming framing_;
  FrameReader frames_;
  std::vector<char> buffer_;  // of one recv(2)
  uint64_t body_left_ = 0;    // bytes of this message's body that have not come yet
};

}  // namespace wireseam::samples
