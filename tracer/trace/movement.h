// SPDX-License-Identifier: Apache-2.0
// What a call moved, by its row in calls.def, its result and its flags; which socket it was is not
// known here.
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/trace/event.h"
#include "tracer/trace/socket.h"

namespace wireseam {

struct Movement {
  Way way = Way::Sent;
  uint64_t bytes = 0;    // as a stream counts them
  uint64_t arrived = 0;  // of a datagram's: MSG_TRUNC makes a result longer than the buffer
  bool urgent = false;
  bool certain = true;  // false where the record does not hold what it takes to know
};

// No value for calls that move nothing: failed, unfinished, or only looking. splice and sendfile
// move on two descriptors, and `parameter` says which is meant.
std::optional<Movement> movement(const CallEvent& call, size_t parameter);

// What the first parameter of that kind was; no value where there is none.
std::optional<uint64_t> argument(const CallEvent& call, ParameterKind kind);

}  // namespace wireseam
