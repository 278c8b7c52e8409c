// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/readiness.h"

#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>
#include <bit>
#include <climits>

#include "tracer/trace/given_items.h"
#include "tracer/trace/text/time_value.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

bool is_set(Bytes bits, size_t i) {
  return (std::to_integer<unsigned>(bits[i / CHAR_BIT]) >> i % CHAR_BIT & 1) != 0;
}

// The bits that are set among the first `count`, as far as they are there.
template <typename Visit>
void each_bit(Bytes bits, size_t count, Visit visit) {
  for (size_t i = 0; i < std::min(count, bits.size() * CHAR_BIT); ++i)
    if (is_set(bits, i)) visit(i);
}

size_t set_size(const CallEvent& call) {
  return static_cast<size_t>(std::max(0, static_cast<int>(call.arguments[0])));
}

void write_epoll_event(TextWriter& out, const TracedEpollEvent& event) {
  StructText text(out);
  text.field("events").flags(ConstantGroup::EpollEvent, uint32_t{event.events});
  StructText data(text.field("data"));
  data.field("u32").number(static_cast<uint32_t>(event.data));
  data.field("u64").number(uint64_t{event.data});
}

// What was told of the time that is left: to the program through select's timeval, to strace
// always.
std::optional<timespec> left_told(const Argument& timeout) {
  const ParameterKind kind = timeout.call.info->parameters()[timeout.index].kind;
  if (kind != ParameterKind::TimevalInOut)
    return timeout.blob(BlobPart::Before) ? timeout.read<timespec>() : std::nullopt;
  const auto told = timeout.read<timeval>();
  return told ? std::optional(to_timespec(*told)) : std::nullopt;
}

std::optional<timespec> timeout_given(const Argument& timeout) {
  const ParameterKind kind = timeout.call.info->parameters()[timeout.index].kind;
  if (kind != ParameterKind::TimevalInOut) return timeout.read<timespec>();
  const auto before = timeout.read<timeval>(BlobPart::Before);
  return before ? std::optional(to_timespec(*before)) : std::nullopt;
}

// Where it was not told, what is left is as the call's duration has it.
void write_left(const Argument& timeout) {
  TextWriter& out = timeout.out;
  out.text("left ");
  if (!out.as_syscall())
    if (const auto told = timeout.read<timeval>()) return write_time(out, *told);
  if (const auto told = left_told(timeout)) return write_time(out, *told);
  if (const auto given = timeout_given(timeout))
    return write_time(out, left_of(*given, timeout.call.duration_ns));
  timeout.pointer();
}

// Whether the call tells what is left of its time-out: to a program, select alone.
bool tells_left(const Argument& timeout) {
  if (timeout.value() == 0) return false;
  return timeout.out.as_syscall() || timeout.call.number == CallNumber::select;
}

void write_signal(TextWriter& out, uint64_t signal) {
  constexpr uint64_t kFirstRealTime = 32;
  const std::string_view name = constant_name(ConstantGroup::Signal, signal);
  if (!name.empty()) return out.text(name.substr(3));
  if (signal == kFirstRealTime) return out.text("RTMIN");
  out.text("RT_");
  out.number(signal - kFirstRealTime);
}

void write_signals(const Argument& argument) {
  TextWriter& out = argument.out;
  const auto mask = argument.read<uint64_t>();
  if (!mask) return argument.pointer();
  // Where most signals are in the set, those that are not are shown.
  const bool inverted = std::popcount(*mask) >= 64 * 2 / 3;
  uint64_t rest = inverted ? ~*mask : *mask;
  out.text(inverted ? "~[" : "[");
  for (bool first = true; rest != 0; rest &= rest - 1, first = false) {
    if (!first) out.text(" ");
    write_signal(out, static_cast<uint64_t>(std::countr_zero(rest)) + 1);
  }
  out.text("]");
}

}  // namespace

void write_poll_fds(const Argument& argument) {
  TextWriter& out = argument.out;
  const GivenItems<pollfd> fds(argument.call, argument.index);
  const size_t count = argument.next().as_unsigned();
  if (count == 0) return argument.value() != 0 ? out.text("[]") : argument.pointer();
  const size_t known = fds.size();
  if (known == 0) return argument.pointer();
  bool shown = true;
  for (size_t i = 0; i < known && shown; ++i) {
    shown = begin_element(out, i);
    if (!shown) break;
    const auto fd = *fds.at(i);
    StructText text(out);
    text.field("fd").descriptor(fd.fd);
    if (fd.fd >= 0)
      text.field("events").flags(ConstantGroup::PollEvent, static_cast<uint16_t>(fd.events));
  }
  if (shown && known < count) out.text(", ...");
  out.text("]");
}

void write_poll_result(TextWriter& out, const Event& event, const CallEvent& call) {
  if (call.result == 0) return out.text(" (Timeout)");
  const GivenItems<pollfd> fds(call, 0);
  const Argument timeout{out, event, call, 2};
  const bool left = call.number == CallNumber::ppoll && tells_left(timeout);
  if (!fds.known()) return;
  out.text(" (");
  size_t ready = 0;
  for (size_t i = 0; i < fds.size(); ++i) {
    const auto fd = *fds.at(i);
    if (fd.revents == 0) continue;
    if (!begin_element(out, ready++)) break;
    StructText text(out);
    text.field("fd").decimal(fd.fd);
    text.field("revents").flag_list(ConstantGroup::PollEvent, static_cast<uint16_t>(fd.revents));
  }
  if (ready > 0) out.text("]");
  if (left) {
    if (ready > 0) out.text(", ");
    write_left(timeout);
  }
  out.text(")");
}

void write_fd_set(const Argument& argument) {
  TextWriter& out = argument.out;
  const auto bits = argument.blob(BlobPart::Before);
  if (!bits || set_size(argument.call) == 0) return argument.pointer();
  out.text("[");
  bool first = true;
  each_bit(bits->bytes, set_size(argument.call), [&](size_t fd) {
    if (!first) out.text(" ");
    first = false;
    out.descriptor(static_cast<int>(fd));
  });
  out.text("]");
}

void write_select_result(TextWriter& out, const Event& event, const CallEvent& call) {
  if (call.result == 0) return out.text(" (Timeout)");
  static constexpr std::string_view kNames[] = {"in", "out", "except"};
  std::string_view separator;
  out.text(" (");
  for (size_t set = 0; set < std::size(kNames); ++set) {
    const auto bits = Argument{out, event, call, set + 1}.blob();
    if (!bits) continue;
    bool any = false;
    each_bit(bits->bytes, set_size(call), [&](size_t fd) {
      out.text(any ? " " : separator);
      if (!any) out.text(kNames[set]);
      if (!any) out.text(" [");
      any = true;
      out.number(fd);
    });
    if (!any) continue;
    out.text("]");
    separator = ", ";
  }
  const Argument timeout{out, event, call, 4};
  if (tells_left(timeout)) {
    out.text(separator);
    write_left(timeout);
  }
  out.text(")");
}

void write_receive_result(TextWriter& out, const Event& event, const CallEvent& call) {
  if (call.result == 0) return out.text(" (Timeout)");
  const Argument timeout{out, event, call, 4};
  const auto left = timeout.read<timespec>();
  if (!left) return;
  out.text(" (left ");
  write_time(out, *left);
  out.text(")");
}

void write_signal_set(const Argument& argument) {
  // pselect6 has room for a pointer only: to the mask and its size. strace sees that of select,
  // too, which gives none.
  const bool none = argument.value() == 0 && (argument.call.flags & kFlagStrace) != 0;
  if (!argument.out.as_syscall() || argument.call.number != CallNumber::pselect || none)
    return write_signals(argument);
  StructText text(argument.out);
  text.field("sigmask");
  write_signals(argument);
  text.field("sigsetsize").number(sizeof(uint64_t));
}

void write_epoll_event(const Argument& argument) {
  constexpr uint32_t kDelete = EPOLL_CTL_DEL;
  const auto event = argument.read<TracedEpollEvent>();
  const bool ignored = static_cast<uint32_t>(argument.call.arguments[1]) == kDelete;
  if (!event || ignored) return argument.pointer();
  write_epoll_event(argument.out, *event);
}

void write_epoll_events(const Argument& argument) {
  TextWriter& out = argument.out;
  const auto blob = argument.blob();
  if (argument.call.failed()) return argument.pointer();
  if (argument.call.result <= 0) return argument.value() == 0 ? argument.pointer() : out.text("[]");
  if (!blob || blob->bytes.size() < sizeof(TracedEpollEvent)) return argument.pointer();
  const size_t known = blob->bytes.size() / sizeof(TracedEpollEvent);
  bool shown = true;
  for (size_t i = 0; i < known && shown; ++i) {
    shown = begin_element(out, i);
    if (shown)
      write_epoll_event(out, *read_at<TracedEpollEvent>(blob->bytes, i * sizeof(TracedEpollEvent)));
  }
  if (shown && known < static_cast<size_t>(argument.call.result)) out.text(", ...");
  out.text("]");
}

}  // namespace wireseam
