// SPDX-License-Identifier: Apache-2.0
// Who a socket is: its SO_COOKIE, its kind and both addresses, read with system calls of our own
// where a connection is set up, never where bytes move.
#pragma once

#include "tracer/shim/recorder.h"

namespace wireseam {

// What of a socket is read, beside its cookie.
enum class IdentityPart : uint8_t { Names, NamesAndProtocol, NamesAndKind };

// How many bytes wait in the socket that is about to be closed: an RST has its reason there.
void record_unread(OpenCall& call, int fd);

void record_identity(OpenCall& call, int fd, IdentityPart part);

// The identity of a socket that socket(2) or socketpair(2) has just made.
void record_new_socket(OpenCall& call, int fd, int domain, int type, int protocol);

}  // namespace wireseam
