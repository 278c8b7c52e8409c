// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_clock.h"

#include <algorithm>
#include <ctime>

namespace wireseam {
namespace {

constexpr uint64_t kNsPerSecond = 1'000'000'000;
constexpr uint64_t kNsPerDay = 86'400 * kNsPerSecond;
constexpr uint64_t kNsPerLine = 1000;

// Local midnight of 2 January 1970, which is no negative time anywhere.
uint64_t first_midnight() {
  tm date{};
  date.tm_year = 70;
  date.tm_mday = 2;
  date.tm_isdst = -1;
  return static_cast<uint64_t>(std::max<time_t>(mktime(&date), 0)) * kNsPerSecond;
}

}  // namespace

uint64_t LogClock::time_of(const LineTime& time) {
  coarse_ = time.coarse;
  const uint64_t told = told_by(time);
  now_ = coarse_ ? std::max(now_, told) : told;
  return now_;
}

void LogClock::went_on_until(uint64_t ns) {
  if (coarse_) now_ = std::max(now_, ns);
}

uint64_t LogClock::told_by(const LineTime& time) {
  switch (time.kind) {
    case LineTime::Kind::None:
      return now_ + kNsPerLine;
    case LineTime::Kind::Clock:
      return of_clock(time.ns);
    case LineTime::Kind::Epoch:
      return time.ns;
    case LineTime::Kind::Relative:
      return now_ + time.ns;
  }
  return now_;
}

uint64_t LogClock::of_clock(uint64_t since_midnight_ns) {
  if (day_ == 0) day_ = first_midnight();
  const bool next_day = since_midnight_ns + kNsPerDay / 2 < last_of_day_;
  if (next_day) day_ += kNsPerDay;
  last_of_day_ = since_midnight_ns;
  return day_ + since_midnight_ns;
}

}  // namespace wireseam
