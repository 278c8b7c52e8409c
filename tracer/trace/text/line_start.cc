// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/line_start.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iterator>

namespace wireseam {
namespace {

constexpr uint64_t kNsPerSecond = 1'000'000'000;

// ".000123": that many digits of a fraction of a second, cut and not rounded, as strace does.
void write_fraction(std::string& out, uint64_t ns, int digits) {
  if (digits == 0) return;
  uint64_t fraction = ns % kNsPerSecond;
  for (int i = digits; i < 9; ++i) fraction /= 10;
  fmt::format_to(std::back_inserter(out), ".{:0{}}", fraction, digits);
}

}  // namespace

void LineStart::write(std::string& out, uint32_t tid, uint64_t time_ns, int syscall) {
  write_thread(out, tid);
  write_time(out, time_ns);
  write_relative(out, time_ns);
  write_syscall(out, syscall);
}

void LineStart::write_thread(std::string& out, uint32_t tid) const {
  switch (options_.thread_prefix) {
    case ThreadPrefix::None:
      return;
    case ThreadPrefix::Bracketed:
    case ThreadPrefix::AlwaysBracketed:
      if (threads_.size() > 1 || options_.thread_prefix == ThreadPrefix::AlwaysBracketed)
        fmt::format_to(std::back_inserter(out), "[pid {:5}] ", tid);
      return;
    case ThreadPrefix::Always:
      fmt::format_to(std::back_inserter(out), "{:<5} ", tid);
      return;
  }
}

void LineStart::write_time(std::string& out, uint64_t time_ns) {
  if (options_.time_of_day == TimeOfDay::None) return;
  const uint64_t second = time_ns / kNsPerSecond;
  if (options_.time_of_day == TimeOfDay::Epoch)
    fmt::format_to(std::back_inserter(out), "{}", second);
  else
    out += clock_text(second);
  write_fraction(out, time_ns, options_.time_digits);
  out += ' ';
}

const std::string& LineStart::clock_text(uint64_t second) {
  if (second != clock_second_) {
    const auto time = static_cast<time_t>(second);
    tm local{};
    localtime_r(&time, &local);
    clock_text_ = fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
    clock_second_ = second;
  }
  return clock_text_;
}

void LineStart::write_relative(std::string& out, uint64_t time_ns) {
  if (!options_.relative_time) return;
  const bool in_brackets = options_.time_of_day != TimeOfDay::None;
  if (last_line_ns_ == 0) last_line_ns_ = time_ns;
  // A line can tell of something older than the line before it.
  const uint64_t passed = time_ns > last_line_ns_ ? time_ns - last_line_ns_ : 0;
  last_line_ns_ = std::max(last_line_ns_, time_ns);
  fmt::format_to(std::back_inserter(out), "{}{:6}", in_brackets ? "(+" : "", passed / kNsPerSecond);
  write_fraction(out, passed, options_.relative_digits);
  out += in_brackets ? ") " : " ";
}

void LineStart::write_syscall(std::string& out, int syscall) const {
  if (!options_.syscall_numbers) return;
  if (syscall < 0)
    out += "[????] ";
  else
    fmt::format_to(std::back_inserter(out), "[{:4}] ", syscall);
}

void LineStart::write_duration(std::string& out, uint64_t duration_ns) const {
  fmt::format_to(std::back_inserter(out), "<{}", duration_ns / kNsPerSecond);
  write_fraction(out, duration_ns, options_.duration_digits);
  out += '>';
}

void LineStart::thread_seen(uint32_t pid, uint32_t tid) {
  if (tid == last_thread_) return;
  last_thread_ = tid;
  // That there are several is all that counts; one that was left out is seen again when it calls.
  constexpr size_t kEnough = 1024;
  if (threads_.size() < kEnough) threads_.insert_or_assign(tid, pid);
}

void LineStart::process_ended(uint32_t pid) {
  std::erase_if(threads_, [pid](const auto& thread) { return thread.second == pid; });
  last_thread_ = 0;
}

}  // namespace wireseam
