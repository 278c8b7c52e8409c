// SPDX-License-Identifier: Apache-2.0
// fcntl(2) and ioctl(2): the argument means what the operation says.
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

// Whether the call has an argument that is shown: F_GETFL has none.
bool has_fcntl_argument(const TextWriter& out, const CallEvent& call);
bool has_ioctl_argument(const TextWriter& out, const CallEvent& call);

// Whether the call fills its argument: then strace shows it, and the comma before it, only when the
// call has returned.
bool is_output_fcntl(uint64_t operation);
bool is_output_ioctl(uint64_t request);

void write_fcntl_operation(TextWriter& out, const CallEvent& call);
void write_fcntl_argument(const Argument& argument);
void write_ioctl_argument(const Argument& argument);
void write_ioctl_request(TextWriter& out, uint64_t request);

// The result with what it means: 0x2 (flags O_RDWR).
void write_fcntl_result(TextWriter& out, const CallEvent& call);

}  // namespace wireseam
