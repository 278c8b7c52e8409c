// SPDX-License-Identifier: Apache-2.0
// What a call of setsockopt(2) says of its socket.
#pragma once

#include "tracer/trace/event.h"
#include "tracer/trace/socket.h"

namespace wireseam {

// The call has succeeded.
void note_option(const CallEvent& call, SocketOptions& options);

}  // namespace wireseam
