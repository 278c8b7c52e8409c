// SPDX-License-Identifier: Apache-2.0
// Two programs that talk, both traced, and their packets: told step by step, then played to a sink.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/join/replay.h"
#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/trace/socket_trace.h"

namespace wireseam::test {

struct Wire {
  uint16_t client_port = 40000;
  uint32_t client_seq = 1000;
  uint32_t server_seq = 5000;
  uint16_t answers_from = 80;  // the server's port, but where the host translates it
};

// What is told happens a microsecond behind what was told before it.
class Scene {
 public:
  static constexpr uint32_t kClient = 1;  // processes
  static constexpr uint32_t kServer = 2;

  void call(EventBuilder call, uint32_t process, uint32_t thread = 0) {
    now_ += 1000;
    call.process(process, thread == 0 ? process : thread).begins(now_ - 500).lasts(500);
    add(call, process);
  }
  void add(EventBuilder& call, uint32_t process) {
    Event event = call.event();
    event.process = process;
    calls_.add(event);
  }
  void begins(uint32_t process, std::string_view name) {
    calls_.add({.pid = process,
                .tid = process,
                .process = process,
                .time_ns = now_ += 1000,
                .what = ProcessBeginEvent{.name = name}});
  }
  void lose(uint64_t count) {
    calls_.add({.time_ns = now_ += 1000, .what = LostEvent{.count = count}});
  }
  void dies(uint32_t process) {
    calls_.add(
        {.pid = process, .process = process, .time_ns = now_ += 1000, .what = ProcessEndEvent{}});
  }

  void from_client(Wire& wire, uint16_t flags, std::string_view payload = "") {
    packet(wire.client_port, 80, wire.client_seq, wire.server_seq, flags, payload);
  }
  void from_server(Wire& wire, uint16_t flags, std::string_view payload = "") {
    packet(wire.answers_from, wire.client_port, wire.server_seq, wire.client_seq, flags, payload);
  }
  void shake_hands(Wire& wire) {
    from_client(wire, kSyn);
    from_server(wire, kSyn | kAck);
    from_client(wire, kAck);
  }

  void connects(int fd, uint64_t cookie, uint16_t port = 40000) {
    call(made_socket(fd, cookie), kClient);
    call(connected(fd, cookie, port), kClient);
  }
  void accepts(int fd, uint64_t cookie, uint16_t port = 40000) {
    call(EventBuilder("accept")
             .arguments({3, kPointer, kPointer})
             .returns(fd)
             .value(1, loopback(port))
             .part(0, BlobPart::Identity, named(identity(fd, cookie), 80, port)),
         kServer);
  }
  void listens() { call(made_socket(3, 99), kServer); }

  static EventBuilder made_socket(int fd, uint64_t cookie) {
    return EventBuilder("socket")
        .arguments({AF_INET, SOCK_STREAM, 0})
        .returns(fd)
        .part(0, BlobPart::Identity, identity(fd, cookie));
  }
  static EventBuilder connected(int fd, uint64_t cookie, uint16_t port, uint16_t to = 80) {
    return EventBuilder("connect")
        .arguments({fd, kPointer, 16})
        .value(1, loopback(to))
        .part(0, BlobPart::Identity, named(identity(fd, cookie), port, to));
  }
  static EventBuilder closing(int fd) { return EventBuilder("close").arguments({fd}).returns(0); }

  void play(std::string_view framing, ReportSink& sink, const BesideReplay& beside = {}) const {
    replay(calls_, packets_, framing, sink, beside);
  }

  uint64_t now_ = 1'000'000'000;

 private:
  void packet(uint16_t from, uint16_t to, uint32_t& seq, uint32_t ack, uint16_t flags,
              std::string_view payload) {
    TcpFields fields;
    fields.source_port = from;
    fields.destination_port = to;
    fields.seq = seq;
    fields.ack = (flags & kAck) != 0 ? ack : 0;
    fields.flags = flags;
    fields.window = 60000;
    Ipv4Fields ip;
    ip.source = ip.destination = 0x7f000001;
    ip.id = static_cast<uint16_t>(packets_.size() + 1);
    seq += static_cast<uint32_t>(payload.size()) + ((flags & (kSyn | kFin)) != 0 ? 1 : 0);
    packets_.push_back({now_ += 1000, ethernet(kIpv4, ipv4(ip, tcp(fields, payload)))});
  }

  TraceFile calls_;
  std::vector<TimedBytes> packets_;
};

// Both programs are traced, and the connection is there.
struct Connected : Scene {
  Connected() {
    begins(kClient, "client");
    begins(kServer, "server");
    call(made_socket(5, 10), kClient);
    listens();
    shake_hands(wire);
    call(connected(5, 10, 40000), kClient);
    accepts(4, 20);
  }
  Wire wire;
};

}  // namespace wireseam::test
