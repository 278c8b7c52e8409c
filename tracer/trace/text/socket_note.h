// SPDX-License-Identifier: Apache-2.0
// What a descriptor's socket is: TCP:[127.0.0.1:8080->127.0.0.1:40000].
#pragma once

#include "tracer/trace/socket.h"
#include "tracer/trace/text/writer.h"

namespace wireseam {

// As strace shows it between < and >; the inode, or the cookie if that alone is known, stands where
// there are no addresses.
void write_socket_note(TextWriter& out, const Socket& socket, DescriptorDetail detail);

}  // namespace wireseam
