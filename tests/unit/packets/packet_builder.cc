// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/packets/packet_builder.h"

#include <algorithm>

namespace wireseam::test {
namespace {

std::string u8(unsigned value) { return {static_cast<char>(value)}; }

// RFC 1071, in host byte order.
uint16_t checksum(std::string_view bytes) {
  uint32_t sum = 0;
  for (size_t i = 0; i < bytes.size(); ++i)
    sum += static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

void put_checksum(std::string& bytes, size_t at, std::string_view pseudo_header) {
  const std::string sum = be16(checksum(std::string(pseudo_header) + bytes));
  std::ranges::copy(sum, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::string pseudo_header(std::string_view addresses, uint8_t protocol, size_t length) {
  return std::string(addresses) + be32(protocol) + be32(static_cast<uint32_t>(length));
}

// Where a whole TCP segment or UDP datagram is carried, its checksum depends on the addresses.
std::string with_checksum(uint8_t protocol, std::string_view addresses, std::string_view payload) {
  std::string bytes(payload);
  const size_t at = protocol == kTcp ? 16 : 6;
  const bool has_one =
      (protocol == kTcp && bytes.size() >= 20) || (protocol == kUdp && bytes.size() >= 8);
  if (!has_one) return bytes;
  bytes.replace(at, 2, 2, '\0');
  put_checksum(bytes, at, pseudo_header(addresses, protocol, bytes.size()));
  return bytes;
}

std::string ipv6_address(uint16_t last) { return "\xfd" + std::string(13, '\0') + be16(last); }

}  // namespace

std::string be16(unsigned value) { return u8(value >> 8 & 0xff) + u8(value & 0xff); }

std::string be32(uint32_t value) { return be16(value >> 16) + be16(value & 0xffff); }

std::string ethernet(uint16_t type, std::string_view payload) {
  return std::string("\x02\0\0\0\0\x02\x02\0\0\0\0\x01", 12) + be16(type) + std::string(payload);
}

std::string vlan(uint16_t id, uint16_t type, std::string_view payload) {
  return be16(id) + be16(type) + std::string(payload);
}

std::string cooked(const CookedFields& fields, std::string_view payload) {
  return be16(fields.packet_type) + be16(fields.hardware) + be16(6) + std::string(8, '\0') +
         be16(fields.protocol) + std::string(payload);
}

std::string cooked_v2(const CookedFields& fields, std::string_view payload) {
  return be16(fields.protocol) + be16(0) + be32(fields.interface) + be16(fields.hardware) +
         u8(fields.packet_type) + u8(6) + std::string(8, '\0') + std::string(payload);
}

std::string ipv4(const Ipv4Fields& fields, std::string_view payload) {
  const size_t size = 20 + fields.options.size();
  const auto words = fields.header_words.value_or(static_cast<uint8_t>(size / 4));
  const std::string addresses = be32(fields.source) + be32(fields.destination);
  const bool is_whole = fields.fragment_offset == 0 && !fields.more_fragments;
  const unsigned place = fields.fragment_offset / 8u | (fields.more_fragments ? 0x2000u : 0u);
  const auto total = static_cast<unsigned>(size + payload.size());
  std::string header = u8(0x40u | words) + u8(0) + be16(fields.total_length.value_or(total)) +
                       be16(fields.id) + be16(place) + u8(fields.ttl) + u8(fields.protocol) +
                       be16(0) + addresses + fields.options;
  put_checksum(header, 10, "");
  return header +
         (is_whole ? with_checksum(fields.protocol, addresses, payload) : std::string(payload));
}

std::string ipv6(const Ipv6Fields& fields, std::string_view payload) {
  const std::string addresses = ipv6_address(fields.source) + ipv6_address(fields.destination);
  const auto length = static_cast<unsigned>(payload.size());
  return be32(0x60000000) + be16(fields.payload_length.value_or(length)) + u8(fields.next_header) +
         u8(fields.hop_limit) + addresses + with_checksum(fields.next_header, addresses, payload);
}

std::string extension(uint8_t next_header, std::string_view payload, std::string content) {
  // PadN (RFC 8200 section 4.2) up to a multiple of 8.
  const size_t missing = (8 - (content.size() + 2) % 8) % 8;
  if (missing == 1) content += '\0';
  if (missing > 1) content += u8(1) + u8(static_cast<unsigned>(missing - 2));
  content.resize((content.size() + 2 + 7) / 8 * 8 - 2);
  const size_t units = (content.size() + 2) / 8 - 1;
  return u8(next_header) + u8(static_cast<unsigned>(units)) + content + std::string(payload);
}

std::string ipv6_fragment(const Ipv6FragmentFields& fields, std::string_view payload) {
  return u8(fields.next_header) + u8(0) + be16(fields.offset | (fields.more ? 1u : 0u)) +
         be32(fields.id) + std::string(payload);
}

std::string tcp(const TcpFields& fields, std::string_view payload) {
  std::string options = fields.options;
  options.resize((options.size() + 3) / 4 * 4);
  const auto words = fields.header_words.value_or(static_cast<uint8_t>(5 + options.size() / 4));
  return be16(fields.source_port) + be16(fields.destination_port) + be32(fields.seq) +
         be32(fields.ack) + be16(static_cast<unsigned>(words << 12 | fields.flags)) +
         be16(fields.window) + be16(0) + be16(fields.urgent) + options + std::string(payload);
}

std::string mss_option(uint16_t mss) { return "\x02\x04" + be16(mss); }

std::string window_scale_option(uint8_t shift) { return "\x03\x03" + u8(shift); }

std::string sack_permitted_option() { return "\x04\x02"; }

std::string sack_option(std::span<const SackBlock> blocks) {
  std::string option = "\x05" + u8(static_cast<unsigned>(2 + 8 * blocks.size()));
  for (const SackBlock& block : blocks) option += be32(block.begin) + be32(block.end);
  return option;
}

std::string timestamps_option(uint32_t value, uint32_t echo) {
  return "\x01\x01\x08\x0a" + be32(value) + be32(echo);
}

std::string udp(const UdpFields& fields, std::string_view payload) {
  const auto length = static_cast<unsigned>(8 + payload.size());
  return be16(fields.source_port) + be16(fields.destination_port) +
         be16(fields.length.value_or(length)) + be16(0) + std::string(payload);
}

RawPacket raw_packet(std::string_view bytes, uint32_t link_type) {
  return {.number = 1,
          .time_ns = 1'700'000'000'000'000'000,
          .wire_length = static_cast<uint32_t>(bytes.size()),
          .link_type = link_type,
          .bytes = std::as_bytes(std::span(bytes))};
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace wireseam::test
