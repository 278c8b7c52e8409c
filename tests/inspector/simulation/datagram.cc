// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/simulation/datagram.h"

#include <algorithm>

#include "tests/unit/packets/packet_builder.h"

namespace wireseam::test {
namespace {

struct Ends {
  const EndScript& from;
  const EndScript& to;
};

Ends ends_of(const Datagram& datagram, const Script& script) {
  if (datagram.truth.direction == Direction::ToServer) return {script.client, script.server};
  return {script.server, script.client};
}

std::string options_of(const Datagram& datagram, const Ends& ends) {
  std::string options;
  const bool syn = datagram.syn() != 0;
  if ((datagram.flags & kRst) != 0) return options;
  if (syn) options += mss_option(static_cast<uint16_t>(ends.to.mss + 12));
  if (syn && ends.from.sack) options += sack_permitted_option();
  if (ends.from.timestamps && ends.to.timestamps)
    options += timestamps_option(datagram.ts_value, datagram.ts_echo);
  if (syn) options += "\x01" + window_scale_option(ends.from.window_shift);
  std::vector<SackBlock> blocks;
  for (const ByteRange& sack : datagram.sacks)
    blocks.push_back({ends.to.isn + static_cast<uint32_t>(sack.begin),
                      ends.to.isn + static_cast<uint32_t>(sack.end)});
  if (!blocks.empty()) options += "\x01\x01" + sack_option(blocks);
  return options;
}

uint16_t window_field(const Datagram& datagram, const EndScript& from) {
  const uint64_t window =
      datagram.syn() != 0 ? datagram.window : datagram.window >> from.window_shift;
  return static_cast<uint16_t>(std::min<uint64_t>(window, 0xffff));
}

std::string payload_of(const Datagram& datagram) {
  std::string payload;
  const ByteRange range = datagram.truth.payload;
  for (uint64_t offset = range.begin; offset < range.end; ++offset)
    payload += static_cast<char>(stream_byte(datagram.truth.direction, offset));
  return payload;
}

}  // namespace

std::byte stream_byte(Direction direction, uint64_t offset) {
  const uint64_t mixed = (offset + 1) * 0x9e3779b97f4a7c15;
  return static_cast<std::byte>((mixed >> 40 ^ static_cast<uint64_t>(direction)) & 0xff);
}

std::string bytes_of(const Datagram& datagram, const Script& script) {
  const Ends ends = ends_of(datagram, script);
  const bool to_server = datagram.truth.direction == Direction::ToServer;
  TcpFields fields;
  fields.source_port = to_server ? script.client_port : uint16_t{80};
  fields.destination_port = to_server ? uint16_t{80} : script.client_port;
  fields.seq = ends.from.isn + static_cast<uint32_t>(datagram.position);
  if ((datagram.flags & kAck) != 0) fields.ack = ends.to.isn + static_cast<uint32_t>(datagram.ack);
  fields.flags = datagram.flags;
  fields.window = window_field(datagram, ends.from);
  fields.options = options_of(datagram, ends);
  const std::string segment = tcp(fields, payload_of(datagram));
  const uint16_t client = 1;
  const uint16_t server = 2;
  if (script.client.ip_ids == IpIds::None)
    return ethernet(kIpv6, ipv6({.source = to_server ? client : server,
                                 .destination = to_server ? server : client},
                                segment));
  constexpr uint32_t kNetwork = 0x0a000000;
  return ethernet(kIpv4, ipv4({.source = kNetwork + (to_server ? client : server),
                               .destination = kNetwork + (to_server ? server : client),
                               .id = datagram.ip_id},
                              segment));
}

}  // namespace wireseam::test
