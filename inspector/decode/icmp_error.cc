// SPDX-License-Identifier: Apache-2.0
#include "inspector/decode/icmp_error.h"

#include <algorithm>
#include <array>

namespace wireseam {
namespace {

constexpr uint32_t kLinkRaw = 101;
constexpr size_t kHeader = 8;             // the packet in question follows it
constexpr uint32_t kMaxIpPacket = 65535;  // of which an error has no more than the beginning
constexpr int kAnyCode = -1;

struct Reason {
  IpVersion version;
  uint8_t type;
  int code;
  std::string_view text;
};

constexpr std::array<Reason, 18> kReasons{{
    {IpVersion::V4, 3, 0, "network unreachable"},
    {IpVersion::V4, 3, 1, "host unreachable"},
    {IpVersion::V4, 3, 2, "protocol unreachable"},
    {IpVersion::V4, 3, 3, "port unreachable"},
    {IpVersion::V4, 3, 4, "fragmentation needed"},
    {IpVersion::V4, 3, 9, "prohibited"},
    {IpVersion::V4, 3, 10, "prohibited"},
    {IpVersion::V4, 3, 13, "prohibited"},
    {IpVersion::V4, 3, kAnyCode, "unreachable"},
    {IpVersion::V4, 11, kAnyCode, "time exceeded"},
    {IpVersion::V4, 12, kAnyCode, "parameter problem"},
    {IpVersion::V6, 1, 0, "no route"},
    {IpVersion::V6, 1, 1, "prohibited"},
    {IpVersion::V6, 1, 3, "address unreachable"},
    {IpVersion::V6, 1, 4, "port unreachable"},
    {IpVersion::V6, 1, kAnyCode, "unreachable"},
    {IpVersion::V6, 2, kAnyCode, "packet too big"},
    {IpVersion::V6, 3, kAnyCode, "time exceeded"},
}};

std::string_view reason_of(IpVersion version, uint8_t type, uint8_t code) {
  const auto found = std::ranges::find_if(kReasons, [=](const Reason& each) {
    return each.version == version && each.type == type &&
           (each.code == kAnyCode || each.code == code);
  });
  return found != kReasons.end() ? found->text : std::string_view();
}

// Source quench and redirect of ICMP quote a packet, too, and say that it went on.
bool quotes(IpVersion version, uint8_t type) {
  if (version == IpVersion::V6) return type >= 1 && type <= 4;
  return (type >= 3 && type <= 5) || type == 11 || type == 12;
}

}  // namespace

std::optional<IcmpError> IcmpErrorReader::read(const Packet& packet, const RawPacket& raw) {
  const std::string_view protocol = packet.reason;
  if (packet.verdict != DecodeVerdict::Other || (protocol != "ICMP" && protocol != "ICMPv6"))
    return std::nullopt;
  const size_t begin = packet.reason_offset;
  if (begin + kHeader >= raw.bytes.size()) return std::nullopt;
  const auto type = static_cast<uint8_t>(raw.bytes[begin]);
  const auto code = static_cast<uint8_t>(raw.bytes[begin + 1]);
  if (!quotes(packet.ip_version, type)) return std::nullopt;
  const RawPacket inner{.number = raw.number,
                        .time_ns = raw.time_ns,
                        .wire_length = kMaxIpPacket,
                        .link_type = kLinkRaw,
                        .bytes = raw.bytes.subspan(begin + kHeader)};
  const Packet& quoted = decoder_.decode(inner);
  if (quoted.transport == Transport::None) return std::nullopt;
  return IcmpError{.packet = raw.number,
                   .time_ns = raw.time_ns,
                   .reason = reason_of(packet.ip_version, type, code),
                   .quoted = quoted};
}

}  // namespace wireseam
