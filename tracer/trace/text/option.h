// SPDX-License-Identifier: Apache-2.0
// Names and values of socket options.
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_option_name(const Argument& argument);
void write_option_in(const Argument& argument);
void write_option_out(const Argument& argument);

}  // namespace wireseam
