// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace wireseam {

// How many seccomp(2) filters a process ("self", or its pid) is under: 1 where the kernel does not
// count them, which began with 5.9. No value where the process is gone.
std::optional<uint32_t> seccomp_filters(const std::string& process);

}  // namespace wireseam
