// SPDX-License-Identifier: Apache-2.0
// The times of a log's lines as nanoseconds since 1970, in an order that agrees with that of the
// lines. -t knows no date and -r no beginning: then days and lines count from 1970. A log without
// times gets a microsecond for each line.
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/compare/log_line.h"

namespace wireseam {

class LogClock {
 public:
  // The time of the next line.
  uint64_t time_of(const LineTime& time);

  // The call of the latest line went on until then, so the next line can't be of before. Says
  // nothing that the lines of a log with fractions of seconds don't say themselves.
  void went_on_until(uint64_t ns);

 private:
  uint64_t told_by(const LineTime& time);
  uint64_t of_clock(uint64_t since_midnight_ns);

  uint64_t now_ = 0;
  uint64_t day_ = 0;  // 0: not known yet
  uint64_t last_of_day_ = 0;
  bool coarse_ = false;
};

}  // namespace wireseam
