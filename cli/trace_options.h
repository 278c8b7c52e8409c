// SPDX-License-Identifier: Apache-2.0
// The command line of `wireseam trace`, with strace's options in strace's meaning.
#pragma once

#include <span>

#include "tracer/collect/trace_program.h"

namespace wireseam {

// Throws UsageError, and HelpRequest for --help.
TraceRequest parse_trace(std::span<char* const> arguments);

}  // namespace wireseam
