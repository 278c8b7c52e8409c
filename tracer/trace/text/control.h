// SPDX-License-Identifier: Apache-2.0
// The text of a message's control data (cmsg(3)).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tracer/trace/text/writer.h"

namespace wireseam {

struct ControlData {
  uint64_t address = 0;              // where it was in the program
  uint64_t total = 0;                // msg_controllen
  std::span<const std::byte> bytes;  // what was recorded of it; anything
};

// [{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[7, 8]}]
void write_control(TextWriter& out, const ControlData& control);

}  // namespace wireseam
