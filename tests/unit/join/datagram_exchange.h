// SPDX-License-Identifier: Apache-2.0
// Calls and packets of datagrams, one behind the other, and what the joiner tells of them.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inspector/engine/joined_inspection.h"
#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/trace/socket_trace.h"

namespace wireseam::test {

using Lines = std::vector<std::string>;

inline constexpr uint16_t kClient = 40000;
inline constexpr uint16_t kServer = 5000;
inline constexpr uint32_t kLoopback = 0x7f000001;
inline constexpr uint64_t kMilliseconds = 1'000'000;
inline constexpr uint64_t kStep = 100'000;
inline constexpr uint64_t kStart = 1'000'000 * kMilliseconds;
inline constexpr int kClientFd = 3;
inline constexpr int kServerFd = 4;
inline constexpr int kNamelessFd = 5;

// "> 5: sendto #1 recvfrom 5": its size, its calls, its packet, what was received, its fate.
class DatagramLog final : public ReportSink {
 public:
  void datagram(const DatagramTalk&, Direction direction, const Datagram& datagram) override {
    std::string line = direction == Direction::ToServer ? "> " : "< ";
    line += std::to_string(datagram.size) + ":";
    if (datagram.send) line += " " + std::string(datagram.send->name);
    if (datagram.packet) line += " #" + std::to_string(datagram.packet->packet);
    if (datagram.receive)
      line += " " + std::string(datagram.receive->name) + " " +
              std::to_string(datagram.receive->range.size());
    for (const CallSpan& other : datagram.also_received)
      line += ", " + std::string(other.name) + " " + std::to_string(other.range.size());
    if (datagram.error) line += " icmp #" + std::to_string(datagram.error->packet);
    if (datagram.error && datagram.error->told)
      line += " told by " + std::string(datagram.error->told->name);
    datagram.for_each_fate([&](std::string_view word) { line += ", " + std::string(word); });
    lines.push_back(line);
  }
  void datagrams(const DatagramTalk& talk) override {
    talks.push_back(talk.client + " " + talk.server);
  }

  Lines lines;
  Lines talks;
};

// One process with the sockets of both ends; each step is a tenth of a millisecond later.
class DatagramExchange {
 public:
  explicit DatagramExchange(Expectation expected = {})
      : joined_(log, FramingRules{}, FlowLimits{}, std::move(expected)) {
    bind(kClientFd, kClient);
    bind(kServerFd, kServer);
  }

  DatagramExchange& call(EventBuilder builder) {
    builder.begins(kStart + now_);
    joined_.calls().event(builder.event());
    now_ += kStep;
    return *this;
  }
  DatagramExchange& bind(int fd, uint16_t port) {
    SocketIdentity who = named(identity(fd, port), port, 0);
    who.domain = AF_INET;
    who.type = SOCK_DGRAM;
    who.peer_size = 0;
    return call(
        EventBuilder("bind").arguments({fd, kPointer, 16}).part(0, BlobPart::Identity, who));
  }
  DatagramExchange& bind_any(int fd, uint16_t port) {
    SocketIdentity who = named(identity(fd, uint64_t(fd)), port, 0);
    who.domain = AF_INET;
    who.type = SOCK_DGRAM;
    who.peer_size = 0;
    std::memset(who.local + offsetof(sockaddr_in, sin_addr), 0, 4);
    return call(
        EventBuilder("bind").arguments({fd, kPointer, 16}).part(0, BlobPart::Identity, who));
  }
  DatagramExchange& sends(std::string_view text, int fd = kClientFd, uint16_t to = kServer) {
    return call(EventBuilder("sendto")
                    .arguments({fd, kPointer, int64_t(text.size()), 0, kPointer, 16})
                    .returns(int64_t(text.size()))
                    .value(1, text)
                    .value(4, loopback(to)));
  }
  // As many as there is room for; `length` is what recvfrom returns.
  DatagramExchange& receives(std::string_view text, size_t room = 99,
                             std::optional<size_t> length = {}) {
    return call(EventBuilder("recvfrom")
                    .arguments({kServerFd, kPointer, int64_t(room), 0, kPointer, 16})
                    .returns(int64_t(length.value_or(text.size())))
                    .value(1, text)
                    .value(4, loopback(kClient)));
  }
  DatagramExchange& packet(std::string_view text, uint16_t from = kClient, uint16_t to = kServer,
                           uint32_t address = kLoopback) {
    last_ = ipv4({.source = kLoopback, .destination = address, .protocol = kUdp},
                 udp({.source_port = from, .destination_port = to}, text));
    return raw(last_);
  }
  // Nobody has the port that the last packet went to.
  DatagramExchange& refused() {
    const std::string header("\x03\x03\0\0\0\0\0\0", 8);
    return raw(
        ipv4({.source = kLoopback, .destination = kLoopback, .protocol = 1}, header + last_));
  }
  DatagramExchange& raw(const std::string& bytes, uint32_t link_type = kLinkRaw) {
    RawPacket raw = raw_packet(bytes, link_type);
    raw.number = ++packets_;
    raw.time_ns = kStart + now_;
    joined_.packets().packet(raw);
    now_ += kStep;
    return *this;
  }
  DatagramExchange& loses() {
    joined_.calls().event({.time_ns = kStart + now_, .what = LostEvent{.count = 1}});
    return *this;
  }
  DatagramExchange& closes(int fd) { return call(EventBuilder("close").arguments({fd})); }
  DatagramExchange& later(uint64_t milliseconds) {
    now_ += milliseconds * kMilliseconds;
    joined_.idle(kStart + now_);
    return *this;
  }
  Lines finish() {
    joined_.calls().finish();
    joined_.packets().finish("");
    return log.lines;
  }

  DatagramLog log;

 private:
  JoinedInspection joined_;
  uint64_t now_ = 0;
  uint64_t packets_ = 0;
  std::string last_;
};

}  // namespace wireseam::test
