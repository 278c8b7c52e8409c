// SPDX-License-Identifier: Apache-2.0
// Counting the bytes of a call: send(2), recv(2), sendmmsg(2), splice(2).
#include "tracer/trace/movement.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "tracer/trace/bytes.h"
#include "tracer/trace/given_items.h"

namespace wireseam {
namespace {

// The parameter that brings the bytes, and their way.
struct Carrier {
  size_t parameter;
  ParameterKind kind;
  Way way;
};

std::optional<Way> way_of(ParameterKind kind) {
  using enum ParameterKind;
  if (kind == BytesIn || kind == VectorIn || kind == MessageIn || kind == MessagesIn)
    return Way::Sent;
  if (kind == BytesOut || kind == VectorOut || kind == MessageOut || kind == MessagesOut)
    return Way::Received;
  return std::nullopt;
}

std::optional<Carrier> carrier(const CallInfo& info) {
  const auto parameters = info.parameters();
  for (size_t i = 0; i < parameters.size(); ++i)
    if (const auto way = way_of(parameters[i].kind)) return Carrier{i, parameters[i].kind, *way};
  return std::nullopt;
}

uint64_t add_saturated(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

std::optional<uint64_t> buffer_size(const CallEvent& call, const Carrier& carrier) {
  if (carrier.kind == ParameterKind::BytesOut) return call.arguments[carrier.parameter + 1];
  return vector_size(call, carrier.parameter, 0);
}

Movement one_message(const CallEvent& call, const Carrier& carrier) {
  const auto bytes = static_cast<uint64_t>(call.result);
  Movement moved{.way = carrier.way, .bytes = bytes, .arrived = bytes};
  if (carrier.way == Way::Received)
    moved.arrived = std::min(bytes, buffer_size(call, carrier).value_or(bytes));
  return moved;
}

Movement many_messages(const CallEvent& call, const Carrier& carrier) {
  Movement moved{.way = carrier.way};
  const auto count = static_cast<uint64_t>(call.result);
  for (size_t i = 0; i < count; ++i) {
    const auto bytes = message_length(call, carrier.parameter, i);
    if (!bytes) {
      moved.certain = false;
      break;
    }
    const auto room = vector_size(call, carrier.parameter, i);
    moved.bytes = add_saturated(moved.bytes, *bytes);
    moved.arrived = add_saturated(
        moved.arrived, carrier.way == Way::Sent ? *bytes : std::min(*bytes, room.value_or(*bytes)));
  }
  return moved;
}

// sendfile(out, in), splice(in, off, out): the socket is where the bytes go or come from.
Movement copied(const CallEvent& call, size_t parameter) {
  const size_t out = call.number == CallNumber::sendfile ? 0 : 2;
  const auto bytes = static_cast<uint64_t>(call.result);
  return {.way = parameter == out ? Way::Sent : Way::Received, .bytes = bytes, .arrived = bytes};
}

}  // namespace

std::optional<uint64_t> argument(const CallEvent& call, ParameterKind kind) {
  if (call.info == nullptr) return std::nullopt;
  const auto parameters = call.info->parameters();
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [kind](const Parameter& each) { return each.kind == kind; });
  if (found == parameters.end()) return std::nullopt;
  return call.arguments[static_cast<size_t>(found - parameters.begin())];
}

std::optional<Movement> movement(const CallEvent& call, size_t parameter) {
  if (call.info == nullptr || call.state != CallState::Returned) return std::nullopt;
  if (call.failed() || call.result < 0) return std::nullopt;
  if (call.number == CallNumber::sendfile || call.number == CallNumber::splice)
    return copied(call, parameter);
  const auto by = carrier(*call.info);
  if (!by || parameter != 0) return std::nullopt;
  const uint64_t flags = argument(call, ParameterKind::MessageFlags).value_or(0);
  if (by->way == Way::Received && (flags & (MSG_PEEK | MSG_ERRQUEUE)) != 0) return std::nullopt;
  const bool many = by->kind == ParameterKind::MessagesIn || by->kind == ParameterKind::MessagesOut;
  Movement moved = many ? many_messages(call, *by) : one_message(call, *by);
  moved.urgent = (flags & MSG_OOB) != 0;
  return moved;
}

}  // namespace wireseam
