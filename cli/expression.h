// SPDX-License-Identifier: Apache-2.0
// strace's -e.
#pragma once

#include <string>

#include "tracer/collect/trace_printer.h"

namespace wireseam {

// "QUALIFIER=SET", or a set of calls alone. Throws Error for what has no meaning.
void apply_expression(PrintOptions& options, const std::string& expression);

}  // namespace wireseam
