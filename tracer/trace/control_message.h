// SPDX-License-Identifier: Apache-2.0
// Control messages (cmsg(3)) out of recorded msg_control bytes, which may be cut or anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace wireseam {

struct ControlMessage {
  uint64_t length = 0;  // cmsg_len, as it stands there
  int level = 0;
  int type = 0;
  std::span<const std::byte> data;  // as much of it as there is
};

// Walks the messages: each call takes one from the front of `rest`. No value where no header is
// left or cmsg_len can't be.
std::optional<ControlMessage> next_control_message(std::span<const std::byte>& rest);

}  // namespace wireseam
