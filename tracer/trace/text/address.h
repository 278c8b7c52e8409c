// SPDX-License-Identifier: Apache-2.0
// Parameters that are addresses, buffers, and their lengths.
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_address_in(const Argument& argument);
void write_address_out(const Argument& argument);
void write_length_in_out(const Argument& argument);  // [128 => 16], [16]

void write_bytes_in(const Argument& argument);
void write_bytes_out(const Argument& argument);

void write_descriptor_pair(const Argument& argument);
void write_offset_in_out(const Argument& argument);

// " => [100]", behind the offset, after a sendfile that moved something.
void write_offset_after(const Argument& argument);

}  // namespace wireseam
