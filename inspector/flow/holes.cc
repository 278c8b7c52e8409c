// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/holes.h"

#include <algorithm>

#include "inspector/flow/elapsed.h"
#include "inspector/flow/stream_of.h"

namespace wireseam {
namespace {

// What was acknowledged comes once more where the acknowledgement was lost on its way: after the
// time-out of its sender, which is a second for one that has not measured its round trip (RFC
// 6298). Or it is in the capture, but behind its acknowledgement.
constexpr uint64_t kAckedBeforeGivingUpNs = 3'000'000'000;
// Where nothing of the receiver is captured nobody tells whether it waits, too.
constexpr uint64_t kOldestUnheardNs = 60'000'000'000;
// A receiver that has not acknowledged waits, and its sender tries for so long (Linux,
// tcp_retries2).
constexpr uint64_t kOldestNs = 1'000'000'000'000;

bool must_give_up(Half& half, bool hears_receiver, uint64_t now_ns, size_t most_held) {
  Incidents& incidents = half.incidents.change();
  if (half.acked < half.stream.first_hole().end)
    incidents.hole_acked_ns = 0;
  else if (incidents.hole_acked_ns == 0)
    incidents.hole_acked_ns = now_ns;
  const uint64_t acked_ns = incidents.hole_acked_ns;
  const uint64_t news_ns = std::max(half.stream.hole_ns(), incidents.heard_ns);
  return half.stream.memory() > most_held ||
         elapsed_ns(news_ns, now_ns) > (hears_receiver ? kOldestNs : kOldestUnheardNs) ||
         (acked_ns != 0 && elapsed_ns(acked_ns, now_ns) > kAckedBeforeGivingUpNs);
}

}  // namespace

uint64_t give_up_holes(Connection& connection, uint64_t now_ns, size_t most_held, FlowSink& sink) {
  uint64_t for_memory = 0;
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    Half& half = connection.half(direction);
    const bool hears_receiver = connection.half(opposite(direction)).packets > 0;
    StreamOf stream(connection, direction, now_ns, sink);
    while (half.stream.has_hole() && must_give_up(half, hears_receiver, now_ns, most_held)) {
      if (half.stream.memory() > most_held) ++for_memory;
      half.incidents.change().hole_acked_ns = 0;
      half.stream.give_up_hole(stream);
    }
  }
  return for_memory;
}

void give_up_all_holes(Connection& connection, uint64_t now_ns, FlowSink& sink) {
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    Half& half = connection.half(direction);
    StreamOf stream(connection, direction, now_ns, sink);
    while (half.stream.has_hole()) half.stream.give_up_hole(stream);
  }
}

void end_streams(Connection& connection, uint64_t now_ns, FlowSink& sink) {
  give_up_all_holes(connection, now_ns, sink);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    const Half& half = connection.half(direction);
    StreamOf stream(connection, direction, now_ns, sink);
    const FinStep& fin = connection.teardown->fin(direction);
    if (fin.packet != 0 && fin.offset > half.stream.next())
      stream.gap({half.stream.next(), fin.offset}, fin.packet);
  }
}

bool has_hole(const Connection& connection) {
  return connection.halves[0].stream.has_hole() || connection.halves[1].stream.has_hole();
}

size_t held_by(const Connection& connection) {
  return connection.halves[0].stream.memory() + connection.halves[1].stream.memory();
}

}  // namespace wireseam
