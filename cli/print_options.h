// SPDX-License-Identifier: Apache-2.0
// The options that say how a trace is printed: the same for a live one and for one from a file.
#pragma once

#include "cli/option_parser.h"
#include "tracer/collect/trace_printer.h"

namespace wireseam {

// They change `options`, which must live as long as the parser.
void add_print_options(OptionParser& parser, PrintOptions& options);

// When all was parsed: what follows from several options together. Throws UsageError.
void finish_print_options(PrintOptions& options);

}  // namespace wireseam
