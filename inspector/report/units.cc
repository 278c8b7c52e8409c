// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/units.h"

#include <fmt/format.h>

namespace wireseam {

std::string duration_text(uint64_t time_ns) {
  const double seconds = static_cast<double>(time_ns) / 1e9;
  return seconds < 1 ? fmt::format("{:.3f} ms", seconds * 1e3) : fmt::format("{:.3f} s", seconds);
}

std::string signed_duration_text(int64_t time_ns) {
  return time_ns < 0 ? "-" + duration_text(-static_cast<uint64_t>(time_ns))
                     : duration_text(static_cast<uint64_t>(time_ns));
}

}  // namespace wireseam
