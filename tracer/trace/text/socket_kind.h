// SPDX-License-Identifier: Apache-2.0
// What socket(2) is asked for: a type with its flags, and a protocol that depends on the domain.
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_socket_type(TextWriter& out, uint32_t type);  // SOCK_STREAM|SOCK_CLOEXEC
void write_socket_protocol(const Argument& argument);

}  // namespace wireseam
