// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/socket.h"

#include <sys/socket.h>

namespace wireseam {

bool Socket::is_stream() const { return type == SOCK_STREAM; }

}  // namespace wireseam
