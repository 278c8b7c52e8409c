// SPDX-License-Identifier: Apache-2.0
// What strace's -y and -yy tell of a descriptor: <TCP:[127.0.0.1:8080->127.0.0.1:40000]>.
#pragma once

#include <optional>
#include <string_view>

#include "tracer/trace/format.h"

namespace wireseam {

// Who the socket is, as far as the note tells; no value where the descriptor is no socket.
std::optional<SocketIdentity> socket_of_note(int fd, std::string_view note);

}  // namespace wireseam
