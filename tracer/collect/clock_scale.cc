// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/clock_scale.h"

#include <time.h>

#include <cmath>
#include <fstream>
#include <string>

#include "common/clock.h"

namespace wireseam {
namespace {

uint64_t read_ticks() {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  return 0;
#endif
}

bool cpu_has_constant_tsc() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);)
    if (line.starts_with("flags"))
      return line.find(" constant_tsc") != line.npos && line.find(" nonstop_tsc") != line.npos;
  return false;
}

bool kernel_trusts_tsc() {
  std::ifstream file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  std::string source;
  file >> source;
  return source == "tsc" || source == "kvm-clock" || source == "hyperv_clocksource_tsc_page";
}

constexpr uint64_t kFirstBaselineNs = 2'000'000;

}  // namespace

RegionClock best_region_clock() {
#if defined(__x86_64__)
  if (cpu_has_constant_tsc() && kernel_trusts_tsc()) return RegionClock::Tsc;
#endif
  return RegionClock::Realtime;
}

ClockScale::ClockScale(RegionClock clock) : clock_(clock) {
  if (clock_ == RegionClock::Realtime) return;
  first_ = take_comparison();
  while (clock_ns(CLOCK_MONOTONIC) - first_.monotonic_ns < kFirstBaselineNs) {
  }
  compare();
}

// The clocks can't be read at one instant: of some tries the quickest is the truest.
ClockScale::Comparison ClockScale::take_comparison() {
  constexpr int kTries = 5;
  Comparison best;
  uint64_t best_width = UINT64_MAX;
  for (int i = 0; i < kTries; ++i) {
    const uint64_t before = read_ticks();
    const uint64_t monotonic_ns = clock_ns(CLOCK_MONOTONIC);
    const uint64_t realtime_ns = clock_ns(CLOCK_REALTIME);
    const uint64_t after = read_ticks();
    if (after - before >= best_width) continue;
    best_width = after - before;
    best = {before + (after - before) / 2, monotonic_ns, realtime_ns};
  }
  return best;
}

void ClockScale::compare() {
  if (clock_ == RegionClock::Realtime) return;
  latest_ = take_comparison();
  ns_per_tick_ = static_cast<double>(latest_.monotonic_ns - first_.monotonic_ns) /
                 static_cast<double>(latest_.ticks - first_.ticks);
}

uint64_t ClockScale::to_realtime_ns(uint64_t reading) const {
  if (clock_ == RegionClock::Realtime) return reading;
  const auto ticks = static_cast<double>(static_cast<int64_t>(reading - latest_.ticks));
  return latest_.realtime_ns + static_cast<uint64_t>(std::llround(ticks * ns_per_tick_));
}

uint64_t ClockScale::duration_ns(uint64_t begin, uint64_t end) const {
  if (end <= begin) return 0;
  if (clock_ == RegionClock::Realtime) return end - begin;
  return static_cast<uint64_t>(static_cast<double>(end - begin) * ns_per_tick_);
}

uint64_t ClockScale::now() const {
  return clock_ == RegionClock::Realtime ? clock_ns(CLOCK_REALTIME) : read_ticks();
}

uint64_t ClockScale::ticks_of_ns(uint64_t ns) const {
  return static_cast<uint64_t>(static_cast<double>(ns) / ns_per_tick_);
}

}  // namespace wireseam
