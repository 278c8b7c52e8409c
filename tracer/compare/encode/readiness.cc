// SPDX-License-Identifier: Apache-2.0
// poll, select, epoll, their time-outs and signal masks. What became ready is told behind the
// result.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/time.h>

#include <algorithm>
#include <climits>

#include "tracer/compare/encode/parameters.h"
#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

// What stands behind that word in (in [3], left {tv_sec=1, tv_nsec=0}); nullptr where nothing does.
const LogValue* told(const Encoding& encoding, std::string_view word) {
  const auto& told = encoding.log().told;
  const auto found = std::ranges::find(told, word, &LogValue::word);
  const bool followed = found != told.end() && std::next(found) != told.end();
  return followed ? &*std::next(found) : nullptr;
}

// ([{fd=3, revents=POLLIN}]) into the array, whose order it has.
void encode_ready(Encoding& encoding, std::vector<pollfd>& fds) {
  const auto& told = encoding.log().told;
  if (told.empty() || told.front().kind != LogValue::Kind::Array) return;
  ValueReader& reader = encoding.reader();
  auto next = fds.begin();
  for (const LogValue& ready : told.front().items) {
    const auto fd = static_cast<int>(reader.number(ready, "fd"));
    next = std::ranges::find(next, fds.end(), fd, &pollfd::fd);
    if (next == fds.end()) return;
    next->revents = static_cast<short>(reader.flags(ready, "revents", {ConstantGroup::PollEvent}));
    ++next;
  }
}

constexpr size_t kMaxDescriptors = 1 << 20;  // fs.nr_open's default

// [3 5] as bits.
std::vector<std::byte> bits_of(Encoding& encoding, const LogValue& set) {
  const size_t count = std::min<uint64_t>(encoding.argument(0), kMaxDescriptors);
  std::vector<std::byte> bits((count + 63) / 64 * 8);
  for (const LogValue& item : set.items) {
    const uint64_t fd = encoding.reader().number(item);
    if (fd >= count) continue;
    bits[fd / CHAR_BIT] |= std::byte{1} << fd % CHAR_BIT;
  }
  return bits;
}

uint64_t signal_of(ValueReader& reader, const LogValue& name) {
  static constexpr std::string_view kRealTime = "RT_";
  constexpr uint64_t kFirstRealTime = 32;
  if (name.word == "RTMIN") return kFirstRealTime;
  if (name.word.starts_with(kRealTime))
    return kFirstRealTime + number_of(name.word.substr(kRealTime.size())).value_or(0);
  const auto signal = flags_of("SIG" + std::string(name.word), {ConstantGroup::Signal});
  if (!signal) reader.fail("'" + std::string(name.word) + "' is no signal");
  return signal.value_or(0);
}

uint64_t mask_of(ValueReader& reader, const LogValue& set) {
  uint64_t mask = 0;
  for (const LogValue& name : set.items)
    if (const uint64_t signal = signal_of(reader, name); signal >= 1 && signal <= 64)
      mask |= uint64_t{1} << (signal - 1);
  return set.inverted ? ~mask : mask;
}

TracedEpollEvent event_of(ValueReader& reader, const LogValue& value) {
  TracedEpollEvent event{};
  event.events = static_cast<uint32_t>(reader.flags(value, "events", {ConstantGroup::EpollEvent}));
  if (const LogValue* data = value.field("data"))
    event.data =
        data->kind == LogValue::Kind::Struct ? reader.number(*data, "u64") : reader.number(*data);
  return event;
}

}  // namespace

timeval timeval_of(ValueReader& reader, const LogValue& time) {
  return {.tv_sec = static_cast<time_t>(reader.number(time, "tv_sec")),
          .tv_usec = static_cast<suseconds_t>(reader.number(time, "tv_usec"))};
}

timespec timespec_of(ValueReader& reader, const LogValue& time) {
  return {.tv_sec = static_cast<time_t>(reader.number(time, "tv_sec")),
          .tv_nsec = static_cast<long>(reader.number(time, "tv_nsec"))};
}

void encode_poll_fds(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& array = *encoding.value(parameter);
  ValueReader& reader = encoding.reader();
  std::vector<pollfd> fds;
  for (const LogValue& item : array.items)
    fds.push_back(
        {.fd = static_cast<int>(reader.number(item, "fd")),
         .events = static_cast<short>(reader.flags(item, "events", {ConstantGroup::PollEvent})),
         .revents = 0});
  if (!encoding.failed()) encode_ready(encoding, fds);
  const LogValue* count = encoding.value(parameter + 1);
  const uint64_t there = count != nullptr ? number_of(count->word).value_or(0) : fds.size();
  encoding.add(parameter, BlobPart::Value, std::as_bytes(std::span(fds)),
               std::max<uint64_t>(there, fds.size()) * sizeof(pollfd));
}

void encode_fd_set(Encoding& encoding, size_t parameter) {
  static constexpr std::string_view kNames[] = {"in", "out", "except"};
  if (!encoding.follow(parameter)) return;
  encoding.add(parameter, BlobPart::Before, bits_of(encoding, *encoding.value(parameter)));
  if (encoding.failed()) return;
  const LogValue* ready = told(encoding, kNames[parameter - 1]);
  encoding.add(parameter, BlobPart::Value, bits_of(encoding, ready ? *ready : LogValue{}));
}

void encode_timeval(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  ValueReader& reader = encoding.reader();
  encoding.add_value(parameter, BlobPart::Before, timeval_of(reader, *encoding.value(parameter)));
  if (const LogValue* left = told(encoding, "left"))
    encoding.add_value(parameter, BlobPart::Value, timeval_of(reader, *left));
}

// What is left is known here even of the calls that don't tell it to their program.
void encode_timespec(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  ValueReader& reader = encoding.reader();
  const timespec given = timespec_of(reader, *encoding.value(parameter));
  const LogValue* left = told(encoding, "left");
  const bool changes = encoding.info().parameters()[parameter].kind == ParameterKind::TimespecInOut;
  if (left != nullptr || changes) encoding.add_value(parameter, BlobPart::Before, given);
  if (left != nullptr)
    encoding.add_value(parameter, BlobPart::Value, timespec_of(reader, *left));
  else if (!changes)
    encoding.add_value(parameter, BlobPart::Value, given);
}

// [INT TERM]; pselect6 has {sigmask=[INT TERM], sigsetsize=8}.
void encode_signal_set(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& value = *encoding.value(parameter);
  const LogValue* mask = value.kind == LogValue::Kind::Struct ? value.field("sigmask") : &value;
  if (mask == nullptr) return encoding.reader().fail("no mask");
  if (mask->kind == LogValue::Kind::Word)
    return encoding.set_argument(parameter, encoding.reader().number(*mask));
  encoding.add_value(parameter, BlobPart::Value, mask_of(encoding.reader(), *mask));
}

void encode_epoll_event(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  encoding.add_value(parameter, BlobPart::Value,
                     event_of(encoding.reader(), *encoding.value(parameter)));
}

void encode_epoll_events(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& array = *encoding.value(parameter);
  std::vector<TracedEpollEvent> events;
  for (const LogValue& item : array.items) events.push_back(event_of(encoding.reader(), item));
  const auto ready = static_cast<uint64_t>(std::max<int64_t>(encoding.log().result, 0));
  encoding.add(parameter, BlobPart::Value, std::as_bytes(std::span(events)),
               std::max<uint64_t>(array.cut ? ready : 0, events.size()) * sizeof(TracedEpollEvent));
}

}  // namespace wireseam
