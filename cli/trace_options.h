// SPDX-License-Identifier: Apache-2.0
// The command line of `wireseam trace`, with strace's options in strace's meaning.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "tracer/collect/trace_program.h"

namespace wireseam {

// Throws UsageError, and HelpRequest for --help.
TraceRequest parse_trace(std::span<char* const> arguments);

// --payload: how many bytes of each buffer are recorded, "all" or a number. Throws UsageError.
uint32_t parse_payload(const std::string& text);

}  // namespace wireseam
