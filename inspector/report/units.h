// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace wireseam {

// "0.038 ms", "12.5 ms", "3.204 s": three digits or more that matter.
std::string duration_text(uint64_t time_ns);

// The same, or "-0.025 ms": clocks are set back.
std::string signed_duration_text(int64_t time_ns);

}  // namespace wireseam
