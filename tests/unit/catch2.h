// SPDX-License-Identifier: Apache-2.0
// Catch2 in either of the versions that distributions ship: 3 (many headers) or 2 (one header).
// What version 3 has renamed is there by its new name in both.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& part) { return Contains(part); }
}  // namespace Catch::Matchers
#endif
