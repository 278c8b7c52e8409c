// SPDX-License-Identifier: Apache-2.0
// Strings, and what the calls that resolve names take and give.
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_string(const Argument& argument);
void write_strings(const Argument& argument);      // argv: ["ls", "-l"]
void write_environment(const Argument& argument);  // 0x7ffe1000 /* 12 vars */
void write_addrinfo_hints(const Argument& argument);
void write_addrinfo(const Argument& argument);
void write_pid_out(const Argument& argument);

// The addresses that were found, [inet_addr("127.0.0.1")]; the pointer where there are none.
void write_host_addresses(const Argument& argument);

}  // namespace wireseam
