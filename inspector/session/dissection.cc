// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/dissection.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <optional>

#include "inspector/decode/decoder.h"
#include "inspector/decode/fields.h"
#include "inspector/join/names.h"

namespace wireseam {
namespace {

constexpr uint32_t kLinkEthernet = 1;
constexpr size_t kEthernetHeader = 14;
constexpr size_t kIpv6Header = 40;
constexpr size_t kUdpHeader = 8;

template <typename... Values>
std::string print(const char* format, Values... values) {
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string end_text(const IpAddress& address, uint16_t port, const Packet& packet) {
  if (packet.ip_version == IpVersion::None) return {};
  if (packet.transport == Transport::None) return address_text(address, packet.ip_version);
  return end_text(FlowEnd{address, port}, packet.ip_version);
}

std::string flags_text(uint16_t flags) {
  std::string text;
  for_each_flag(flags, [&](std::string_view name) {
    text += text.empty() ? "" : ",";
    text += name;
  });
  return text;
}

std::string mac_text(const Fields& fields, size_t at) {
  return print("%02x:%02x:%02x:%02x:%02x:%02x", fields.u8(at), fields.u8(at + 1), fields.u8(at + 2),
               fields.u8(at + 3), fields.u8(at + 4), fields.u8(at + 5));
}

Layer ethernet_layer(const Fields& fields) {
  return {"Ethernet",
          {0, kEthernetHeader},
          {{"destination", mac_text(fields, 0)},
           {"source", mac_text(fields, 6)},
           {"type", print("0x%04x", fields.u16(12))}}};
}

Layer ipv4_layer(const Fields& fields, const Packet& packet, uint64_t at) {
  const uint64_t size = uint64_t{4} * (fields.u8(0) & 15U);
  const unsigned fragment = fields.u16(6);
  return {"IPv4",
          {at, at + size},
          {{"source", address_text(packet.source, packet.ip_version)},
           {"destination", address_text(packet.destination, packet.ip_version)},
           {"total length", print("%u", unsigned{fields.u16(2)})},
           {"identification", print("0x%04x", fields.u16(4))},
           {"fragment", print("%s%soffset %u", (fragment & 0x4000) != 0 ? "DF, " : "",
                              (fragment & 0x2000) != 0 ? "MF, " : "", (fragment & 0x1fff) * 8)},
           {"time to live", print("%u", unsigned{fields.u8(8)})},
           {"protocol", print("%u", unsigned{fields.u8(9)})}}};
}

Layer ipv6_layer(const Fields& fields, const Packet& packet, uint64_t at) {
  return {"IPv6",
          {at, at + kIpv6Header},
          {{"source", address_text(packet.source, packet.ip_version)},
           {"destination", address_text(packet.destination, packet.ip_version)},
           {"payload length", print("%u", unsigned{fields.u16(4)})},
           {"next header", print("%u", unsigned{fields.u8(6)})},
           {"hop limit", print("%u", unsigned{fields.u8(7)})}}};
}

void add_options(Layer& layer, const TcpOptions& options) {
  if (options.mss != 0) layer.fields.push_back({"MSS", print("%u", unsigned{options.mss})});
  if (options.has_window_scale)
    layer.fields.push_back({"window scale", print("%u", unsigned{options.window_scale})});
  if (options.sack_permitted) layer.fields.push_back({"SACK", "permitted"});
  if (options.has_timestamps)
    layer.fields.push_back({"timestamps", print("%u, echo %u", options.ts_value, options.ts_echo)});
  for (size_t i = 0; i < std::min<size_t>(options.sack_count, options.sacks.size()); ++i)
    layer.fields.push_back({"SACK", print("%u-%u", options.sacks[i].begin, options.sacks[i].end)});
  if (options.cut) layer.fields.push_back({"options", "cut off by the capture"});
}

Layer tcp_layer(const Packet& packet, ByteRange range) {
  const TcpHeader& tcp = packet.tcp;
  Layer layer{"TCP",
              range,
              {{"source port", print("%u", unsigned{packet.source_port})},
               {"destination port", print("%u", unsigned{packet.destination_port})},
               {"sequence number", print("%u", tcp.seq)},
               {"acknowledgement", print("%u", tcp.ack)},
               {"flags", flags_text(tcp.flags)},
               {"window", print("%u as sent", unsigned{tcp.window})}}};
  if (tcp.has(kUrg)) layer.fields.push_back({"urgent", print("%u", unsigned{tcp.urgent})});
  add_options(layer, tcp.options);
  return layer;
}

Layer udp_layer(const Packet& packet, ByteRange range) {
  return {"UDP",
          range,
          {{"source port", print("%u", unsigned{packet.source_port})},
           {"destination port", print("%u", unsigned{packet.destination_port})},
           {"length", print("%u", packet.payload_length + unsigned{kUdpHeader})}}};
}

// Where in the packet its IP header begins: in front of the transport's payload there are headers
// only, so the first place where the addresses stand is theirs.
std::optional<uint64_t> find_ip(const RawPacket& raw, const Packet& packet) {
  const Fields fields(raw.bytes);
  const unsigned version = packet.ip_version == IpVersion::V4 ? 4 : 6;
  const size_t source_at = version == 4 ? 12 : 8;
  const size_t size = version == 4 ? 4 : 16;
  for (size_t at = 0; at + source_at + 2 * size <= fields.size() && at < 256; ++at) {
    if (fields.u8(at) >> 4 != version) continue;
    const auto* address = raw.bytes.data() + at + source_at;
    if (std::memcmp(address, packet.source.bytes.data(), size) == 0 &&
        std::memcmp(address + size, packet.destination.bytes.data(), size) == 0)
      return at;
  }
  return std::nullopt;
}

void add_transport(std::vector<Layer>& layers, const Packet& packet, const RawPacket& raw) {
  if (packet.transport == Transport::None || packet.reassembled) return;
  const auto payload_at = packet.payload.empty()
                              ? raw.bytes.size()
                              : static_cast<uint64_t>(packet.payload.data() - raw.bytes.data());
  const uint64_t begin = layers.empty() ? 0 : layers.back().range.end;
  const ByteRange range{std::min(begin, payload_at), payload_at};
  layers.push_back(packet.transport == Transport::Tcp ? tcp_layer(packet, range)
                                                      : udp_layer(packet, range));
  if (packet.payload_length == 0) return;
  layers.push_back({"Payload",
                    {payload_at, payload_at + packet.payload.size()},
                    {{"bytes", print("%u, %zu of them captured", packet.payload_length,
                                     packet.payload.size())}}});
}

}  // namespace

PacketSummary summarize(const RawPacket& raw) {
  Decoder decoder;
  const Packet& packet = decoder.decode(raw);
  PacketSummary summary;
  summary.source = end_text(packet.source, packet.source_port, packet);
  summary.destination = end_text(packet.destination, packet.destination_port, packet);
  switch (packet.transport) {
    case Transport::Tcp:
      summary.protocol = "tcp";
      summary.info = flags_text(packet.tcp.flags);
      break;
    case Transport::Udp:
      summary.protocol = "udp";
      break;
    case Transport::None:
      summary.protocol = packet.ip_version == IpVersion::None ? "-" : "ip";
      break;
  }
  if (packet.verdict != DecodeVerdict::Whole) summary.info = reason_text(packet);
  if (packet.verdict == DecodeVerdict::Malformed) summary.info = "malformed: " + summary.info;
  if (packet.verdict == DecodeVerdict::Truncated) summary.info = "cut off: " + summary.info;
  return summary;
}

std::vector<Layer> dissect(const RawPacket& raw) {
  Decoder decoder;
  const Packet& packet = decoder.decode(raw);
  std::vector<Layer> layers;
  if (raw.link_type == kLinkEthernet && raw.bytes.size() >= kEthernetHeader)
    layers.push_back(ethernet_layer(Fields(raw.bytes)));
  if (packet.ip_version != IpVersion::None) {
    if (const auto at = find_ip(raw, packet)) {
      const Fields fields(raw.bytes.subspan(*at));
      layers.push_back(packet.ip_version == IpVersion::V4 ? ipv4_layer(fields, packet, *at)
                                                          : ipv6_layer(fields, packet, *at));
    }
  }
  add_transport(layers, packet, raw);
  if (packet.verdict != DecodeVerdict::Whole)
    layers.push_back({"Not followed", {}, {{"because", summarize(raw).info}}});
  return layers;
}

std::span<const std::byte> payload_of(const RawPacket& raw) {
  Decoder decoder;
  const Packet& packet = decoder.decode(raw);
  if (packet.verdict != DecodeVerdict::Whole || packet.reassembled || packet.payload.empty())
    return {};
  const auto at = static_cast<size_t>(packet.payload.data() - raw.bytes.data());
  return raw.bytes.subspan(at, packet.payload.size());
}

}  // namespace wireseam
