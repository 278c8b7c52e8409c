// SPDX-License-Identifier: Apache-2.0
// poll(2), select(2), epoll_wait(2), sigsetops(3).
#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>

#include "tracer/trace/given_items.h"
#include "tracer/trace/json/parameter.h"

namespace wireseam::json {
namespace {

constexpr size_t kEpollEventSize = sizeof(TracedEpollEvent);

void write_event(JsonWriter& out, Bytes bytes, size_t offset) {
  const JsonObject object(out);
  write_flags(out.key("events"), ConstantGroup::EpollEvent, *read_at<uint32_t>(bytes, offset));
  out.key("data").number(*read_at<uint64_t>(bytes, offset + sizeof(uint32_t)));
}

// The descriptors below nfds whose bit is set.
void write_bits(JsonWriter& out, Bytes bits, int32_t nfds) {
  const JsonArray array(out);
  const size_t count = std::min(static_cast<size_t>(std::max(nfds, 0)), bits.size() * 8);
  for (size_t fd = 0; fd < count; ++fd)
    if ((std::to_integer<unsigned>(bits[fd / 8]) >> fd % 8 & 1) != 0) out.number(fd);
}

}  // namespace

void write_poll_fds(const Argument& argument) {
  const GivenItems<pollfd> fds(argument.call, argument.index);
  if (!fds.known()) return argument.pointer();
  JsonWriter& out = argument.out;
  const bool answered = argument.call.state == CallState::Returned && !argument.call.failed();
  const JsonArray array(out);
  for (size_t i = 0; const auto fd = fds.at(i); ++i) {
    const JsonObject object(out);
    out.key("fd").number(fd->fd);
    write_flags(out.key("events"), ConstantGroup::PollEvent, static_cast<uint16_t>(fd->events));
    if (answered)
      write_flags(out.key("revents"), ConstantGroup::PollEvent, static_cast<uint16_t>(fd->revents));
  }
}

void write_fd_set(const Argument& argument) {
  const auto before = argument.blob(BlobPart::Before);
  const auto after = argument.blob();
  if (!before && !after) return argument.pointer();
  const auto nfds = static_cast<int32_t>(argument.call.arguments[0]);
  const JsonObject object(argument.out);
  if (before) write_bits(argument.out.key("before"), before->bytes, nfds);
  if (after) write_bits(argument.out.key("after"), after->bytes, nfds);
}

void write_signal_set(const Argument& argument) {
  const auto set = argument.read<uint64_t>();
  if (!set) return argument.pointer();
  const JsonArray array(argument.out);
  for (uint64_t signal = 1; signal <= 64; ++signal)
    if ((*set >> (signal - 1) & 1) != 0)
      write_constant(argument.out, ConstantGroup::Signal, signal);
}

void write_epoll_event(const Argument& argument) {
  const auto event = argument.blob();
  if (!event || event->bytes.size() < kEpollEventSize) return argument.pointer();
  write_event(argument.out, event->bytes, 0);
}

void write_epoll_events(const Argument& argument) {
  const auto events = argument.blob();
  if (!events) return argument.pointer();
  const JsonArray array(argument.out);
  for (size_t at = 0; at + kEpollEventSize <= events->bytes.size(); at += kEpollEventSize)
    write_event(argument.out, events->bytes, at);
}

}  // namespace wireseam::json
