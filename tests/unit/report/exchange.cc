// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/report/exchange.h"

#include <algorithm>
#include <utility>

namespace wireseam::test {
namespace {

constexpr uint64_t kBeginNs = 1'714'979'289'000'000'000;  // 2024-05-06T07:08:09Z
constexpr uint64_t kMillisecond = 1'000'000;

FramingRules rules_of(std::string_view framing) {
  FramingRules rules;
  rules.add(framing);
  return rules;
}

}  // namespace

Exchange::Exchange(ReportSink& sink, std::string_view framing)
    : inspection_(sink, rules_of(framing)) {}

void Exchange::raw(std::string bytes) {
  RawPacket packet = raw_packet(bytes);
  packet.number = ++packets_;
  packet.time_ns = kBeginNs + packets_ * kMillisecond;
  packet.bytes = packet.bytes.first(std::min(kept_, packet.bytes.size()));
  before(packet);
  inspection_.packet(packet);
}

void Exchange::segment(End& from, const End& to, bool to_server, uint16_t flags,
                       std::string_view payload) {
  TcpFields fields;
  fields.seq = from.next;
  fields.ack = (flags & kAck) != 0 ? to.next : 0;
  fields.flags = flags;
  fields.options = options_;
  Ipv4Fields ip;
  ip.id = from.id++;
  if (!to_server) {
    std::swap(fields.source_port, fields.destination_port);
    std::swap(ip.source, ip.destination);
  }
  from.next += static_cast<uint32_t>(payload.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
  raw(ethernet(kIpv4, ipv4(ip, tcp(fields, payload))));
}

void Exchange::from_client(uint16_t flags, std::string_view payload) {
  segment(client_, server_, true, flags, payload);
}

void Exchange::from_server(uint16_t flags, std::string_view payload) {
  segment(server_, client_, false, flags, payload);
}

void Exchange::client_sends_again(std::string_view payload) {
  client_.next -= static_cast<uint32_t>(payload.size());
  from_client(kAck, payload);
}

void Exchange::datagram(std::string_view payload) {
  Ipv4Fields ip;
  ip.protocol = kUdp;
  raw(ethernet(kIpv4, ipv4(ip, udp({}, payload))));
}

void Exchange::shake_hands(std::string_view options) {
  options_ = options;
  from_client(kSyn);
  from_server(kSyn | kAck);
  options_.clear();
  from_client(kAck);
}

std::string json_frame(std::string_view header, std::string_view body) {
  std::string frame;
  for (unsigned shift = 0; shift < 32; shift += 8)
    frame += static_cast<char>(header.size() >> shift & 0xff);
  return frame.append(header).append(body);
}

}  // namespace wireseam::test
