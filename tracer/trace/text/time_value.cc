// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/time_value.h"

namespace wireseam {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

template <typename Time>
std::optional<Time> time_before(const Argument& argument) {
  const auto before = argument.read<Time>(BlobPart::Before);
  return before ? before : argument.read<Time>();
}

}  // namespace

void write_time(TextWriter& out, const timeval& time) {
  StructText text(out);
  text.field("tv_sec").decimal(time.tv_sec);
  text.field("tv_usec").number(static_cast<uint64_t>(time.tv_usec));
}

void write_time(TextWriter& out, const timespec& time) {
  StructText text(out);
  text.field("tv_sec").decimal(time.tv_sec);
  text.field("tv_nsec").number(static_cast<uint64_t>(time.tv_nsec));
}

timespec to_timespec(const timeval& time) {
  // The program may have put anything there. libc carries whole seconds over.
  constexpr long kUsPerSecond = 1'000'000;
  const auto seconds =
      time.tv_usec < 0 ? 0ul : static_cast<unsigned long>(time.tv_usec) / kUsPerSecond;
  const auto rest = static_cast<unsigned long>(time.tv_usec) - seconds * kUsPerSecond;
  return {.tv_sec = static_cast<time_t>(static_cast<unsigned long>(time.tv_sec) + seconds),
          .tv_nsec = static_cast<long>(rest * 1000)};
}

timespec left_of(const timespec& timeout, uint64_t duration_ns) {
  if (timeout.tv_sec < 0 || timeout.tv_nsec < 0 || timeout.tv_nsec >= kNsPerSecond) return timeout;
  const int64_t seconds = static_cast<int64_t>(duration_ns) / kNsPerSecond;
  timespec left{.tv_sec = timeout.tv_sec - seconds,
                .tv_nsec = timeout.tv_nsec - static_cast<int64_t>(duration_ns) % kNsPerSecond};
  if (left.tv_nsec < 0) {
    left.tv_nsec += kNsPerSecond;
    --left.tv_sec;
  }
  return left.tv_sec < 0 ? timespec{} : left;
}

void write_timespec(const Argument& argument) {
  const auto time = time_before<timespec>(argument);
  if (!time) return argument.pointer();
  write_time(argument.out, *time);
}

void write_timeval(const Argument& argument) {
  const auto time = time_before<timeval>(argument);
  if (!time) return argument.pointer();
  if (argument.out.as_syscall())
    write_time(argument.out, to_timespec(*time));
  else
    write_time(argument.out, *time);
}

}  // namespace wireseam
