// SPDX-License-Identifier: Apache-2.0
// Times as JSON has them: RFC 3339, UTC, to the nanosecond.
#pragma once

#include <cstdint>
#include <string>

namespace wireseam {

class UtcTime {
 public:
  // Appends "2024-01-02T03:04:05.123456789Z". Seconds repeat, so the text of the last one is kept.
  void append(std::string& out, uint64_t time_ns);

 private:
  uint64_t second_ = UINT64_MAX;  // of text_
  std::string text_;              // up to the second
};

}  // namespace wireseam
