// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/udp_analysis.h"

namespace wireseam {

void analyse_udp(Connection& connection, const Packet& packet, Side sender, FlowSink& sink) {
  const Direction direction = connection.direction(sender);
  Half& half = connection.half(direction);
  Segment datagram;
  datagram.packet = packet.number;
  datagram.time_ns = packet.time_ns;
  datagram.direction = direction;
  datagram.range = {half.sent_end, half.sent_end + packet.payload_length};
  datagram.fresh = packet.payload_length;
  half.sent_end = datagram.range.end;
  half.begun = true;
  half.to_many = half.to_many || packet.to_many;
  half.last_sent_ns = packet.time_ns;
  half.payload_bytes += packet.payload_length;
  ++half.packets;
  ++half.segments;
  sink.segment(connection, datagram);
  sink.data(connection, direction, {datagram.range, packet.number, packet.time_ns, packet.payload});
  sink.packet_done();
}

}  // namespace wireseam
