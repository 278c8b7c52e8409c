// SPDX-License-Identifier: Apache-2.0
// The words of a strace log as numbers: digits, and names of constants.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "tracer/trace/constants.h"

namespace wireseam {

// 12, -1, 0x1f, 017, NULL; a negative number as its two's complement. No value for anything else.
std::optional<uint64_t> number_of(std::string_view word);

// A|B|0x40, of names in any of the groups. No value where one is not known.
std::optional<uint64_t> flags_of(std::string_view word,
                                 std::initializer_list<ConstantGroup> groups);

// "1.000123".
std::optional<uint64_t> seconds_in_ns(std::string_view text);

}  // namespace wireseam
