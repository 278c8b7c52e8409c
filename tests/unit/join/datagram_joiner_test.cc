// SPDX-License-Identifier: Apache-2.0
// What becomes of datagrams between a client and a server, told call by call and packet by packet.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>

#include "inspector/engine/joined_inspection.h"
#include "tests/unit/catch2.h"
#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/trace/socket_trace.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

using Lines = std::vector<std::string>;

constexpr uint16_t kClient = 40000;
constexpr uint16_t kServer = 5000;
constexpr uint32_t kLoopback = 0x7f000001;
constexpr uint64_t kMilliseconds = 1'000'000;
constexpr uint64_t kStep = 100'000;
constexpr uint64_t kStart = 1'000'000 * kMilliseconds;
constexpr int kClientFd = 3;
constexpr int kServerFd = 4;
constexpr int kNamelessFd = 5;

// "> 5: sendto #1 recvfrom 5": its size, its calls, its packet, what was received, its fate.
class Log final : public ReportSink {
 public:
  void datagram(const DatagramTalk&, Direction direction, const Datagram& datagram) override {
    std::string line = direction == Direction::ToServer ? "> " : "< ";
    line += std::to_string(datagram.size) + ":";
    if (datagram.send) line += " " + std::string(datagram.send->name);
    if (datagram.packet) line += " #" + std::to_string(datagram.packet->packet);
    if (datagram.receive)
      line += " " + std::string(datagram.receive->name) + " " +
              std::to_string(datagram.receive->range.size());
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
class Exchange {
 public:
  Exchange() : joined_(log, FramingRules{}) {
    bind(kClientFd, kClient);
    bind(kServerFd, kServer);
  }

  Exchange& call(EventBuilder builder) {
    builder.begins(kStart + now_);
    joined_.calls().event(builder.event());
    now_ += kStep;
    return *this;
  }
  Exchange& bind(int fd, uint16_t port) {
    SocketIdentity who = named(identity(fd, port), port, 0);
    who.domain = AF_INET;
    who.type = SOCK_DGRAM;
    who.peer_size = 0;
    return call(
        EventBuilder("bind").arguments({fd, kPointer, 16}).part(0, BlobPart::Identity, who));
  }
  Exchange& sends(std::string_view text, int fd = kClientFd, uint16_t to = kServer) {
    return call(EventBuilder("sendto")
                    .arguments({fd, kPointer, int64_t(text.size()), 0, kPointer, 16})
                    .returns(int64_t(text.size()))
                    .value(1, text)
                    .value(4, loopback(to)));
  }
  // As many as there is room for; `length` is what recvfrom returns.
  Exchange& receives(std::string_view text, size_t room = 99, std::optional<size_t> length = {}) {
    return call(EventBuilder("recvfrom")
                    .arguments({kServerFd, kPointer, int64_t(room), 0, kPointer, 16})
                    .returns(int64_t(length.value_or(text.size())))
                    .value(1, text)
                    .value(4, loopback(kClient)));
  }
  Exchange& packet(std::string_view text, uint16_t from = kClient, uint16_t to = kServer) {
    const std::string bytes =
        ipv4({.source = kLoopback, .destination = kLoopback, .protocol = kUdp},
             udp({.source_port = from, .destination_port = to}, text));
    RawPacket raw = raw_packet(bytes, kLinkRaw);
    raw.number = ++packets_;
    raw.time_ns = kStart + now_;
    joined_.packets().packet(raw);
    now_ += kStep;
    return *this;
  }
  Exchange& closes(int fd) { return call(EventBuilder("close").arguments({fd})); }
  Exchange& later(uint64_t milliseconds) {
    now_ += milliseconds * kMilliseconds;
    joined_.idle(kStart + now_);
    return *this;
  }
  Lines finish() {
    joined_.calls().finish();
    joined_.packets().finish("");
    return log.lines;
  }

  Log log;

 private:
  JoinedInspection joined_;
  uint64_t now_ = 0;
  uint64_t packets_ = 0;
};

}  // namespace

TEST_CASE("a datagram is found in its send, its packet and its receive") {
  Exchange exchange;
  exchange.packet("hello").sends("hello").receives("hello").packet("again").receives("again");
  exchange.sends("again");
  CHECK(exchange.finish() == Lines{"> 5: sendto #1 recvfrom 5", "> 5: sendto #2 recvfrom 5"});
  CHECK(exchange.log.talks == Lines{"127.0.0.1:40000 127.0.0.1:5000"});
}

TEST_CASE("datagrams without packets join by their ends, lengths and bytes") {
  Exchange exchange;
  exchange.sends("one").sends("four").receives("one").receives("four");
  CHECK(exchange.finish() == Lines{"> 3: sendto recvfrom 3", "> 4: sendto recvfrom 4"});
}

TEST_CASE("a datagram that was overtaken by a later one is reordered") {
  Exchange exchange;
  exchange.sends("first").sends("other").receives("other").receives("first");
  CHECK(exchange.finish() == Lines{"> 5: sendto recvfrom 5", "> 5: sendto recvfrom 5, reordered"});
}

TEST_CASE(
    "a datagram whose successor was received a while ago is lost, at once and not at the end") {
  Exchange exchange;
  exchange.sends("first").sends("other").receives("other");
  CHECK(exchange.later(500).log.lines == Lines{"> 5: sendto recvfrom 5"});
  CHECK(exchange.later(1500).log.lines == Lines{"> 5: sendto recvfrom 5", "> 5: sendto, lost"});
}

TEST_CASE("what the receiver had not received when it closed is lost") {
  Exchange exchange;
  exchange.packet("hello").sends("hello").closes(kServerFd).later(100);
  CHECK(exchange.log.lines == Lines{"> 5: sendto #1, lost"});
}

TEST_CASE("what may still lie in the receiver's queue is not called lost before the end") {
  Exchange exchange;
  exchange.packet("hello").sends("hello").later(60'000);
  CHECK(exchange.log.lines.empty());
  CHECK(exchange.finish() == Lines{"> 5: sendto #1, lost"});
}

TEST_CASE("two ends that were silent for long are told of, and begin anew") {
  Exchange exchange;
  exchange.packet("hello").sends("hello").receives("hello").later(3600'000);
  CHECK(exchange.log.talks.size() == 1);
  exchange.packet("again").sends("again").receives("again");
  CHECK(exchange.finish() == Lines{"> 5: sendto #1 recvfrom 5", "> 5: sendto #2 recvfrom 5"});
  CHECK(exchange.log.talks.size() == 2);
}

TEST_CASE("where the receiver is not traced nothing is said of its receives") {
  Exchange exchange;
  exchange.packet("hello", kClient, 53).sends("hello", kClientFd, 53).later(100);
  CHECK(exchange.log.lines == Lines{"> 5: sendto #1"});
}

TEST_CASE("a second packet of one send is a duplicate that the network made") {
  Exchange exchange;
  exchange.packet("hello").sends("hello").receives("hello").packet("hello").receives("hello");
  CHECK(exchange.later(100).log.lines ==
        Lines{"> 5: sendto #1 recvfrom 5", "> 5: #2 recvfrom 5, duplicate"});
}

TEST_CASE("the same text sent twice is no duplicate") {
  Exchange exchange;
  exchange.packet("hello").sends("hello").packet("hello").sends("hello");
  exchange.receives("hello").receives("hello");
  CHECK(exchange.finish() == Lines{"> 5: sendto #1 recvfrom 5", "> 5: sendto #2 recvfrom 5"});
}

TEST_CASE("a receive without enough room truncates, whether its result says so or not") {
  Exchange exchange;
  exchange.packet("far too long").sends("far too long").receives("far too ", 8);
  exchange.packet("far too wide").sends("far too wide").receives("far too ", 8, 12);
  exchange.packet("just fit").sends("just fit").receives("just fit", 8);
  CHECK(exchange.finish() == Lines{"> 12: sendto #1 recvfrom 8, truncated",
                                   "> 12: sendto #2 recvfrom 8, truncated",
                                   "> 8: sendto #3 recvfrom 8"});
}

TEST_CASE("a send whose packet the capture lacks says so") {
  Exchange exchange;
  exchange.packet("first").sends("first").receives("first").sends("other").receives("other");
  CHECK(exchange.finish() ==
        Lines{"> 5: sendto #1 recvfrom 5", "> 5: sendto recvfrom 5, not-captured"});
}

TEST_CASE("the packet tells the port of a socket that was never named") {
  Exchange exchange;
  exchange.call(EventBuilder("socket")
                    .arguments({AF_INET, SOCK_DGRAM, 0})
                    .returns(kNamelessFd)
                    .part(0, BlobPart::Identity, identity(kNamelessFd, 9)));
  exchange.packet("question", 41000)
      .sends("question", kNamelessFd)
      .packet("answer", kServer, 41000);
  exchange.sends("answer", kServerFd, 41000);
  exchange.call(recv(kNamelessFd, 6).value(1, std::string_view("answer")));
  CHECK(exchange.finish() == Lines{"> 8: sendto #1, lost", "< 6: sendto #2 recv 6"});
}

TEST_CASE("one socket has several peers, each with its own datagrams") {
  Exchange exchange;
  exchange.bind(kNamelessFd, 41000);
  exchange.sends("hello").sends("hello", kNamelessFd);
  exchange.call(EventBuilder("recvfrom")
                    .arguments({kServerFd, kPointer, 99, 0, kPointer, 16})
                    .returns(5)
                    .value(1, std::string_view("hello"))
                    .value(4, loopback(41000)));
  exchange.receives("hello");
  CHECK(exchange.finish() == Lines{"> 5: sendto recvfrom 5", "> 5: sendto recvfrom 5"});
  CHECK(exchange.log.talks ==
        Lines{"127.0.0.1:41000 127.0.0.1:5000", "127.0.0.1:40000 127.0.0.1:5000"});
}

TEST_CASE("each message of a sendmmsg is a datagram, to a peer of its own") {
  const std::string_view texts[] = {"one", "three"};
  const uint16_t ports[] = {kServer, 53};
  std::array<mmsghdr, 2> headers{};
  EventBuilder call("sendmmsg");
  call.arguments({kClientFd, kPointer, 2, 0}).returns(2);
  for (size_t i = 0; i < 2; ++i) headers[i].msg_len = static_cast<unsigned>(texts[i].size());
  call.value(1, headers);
  for (size_t i = 0; i < 2; ++i) {
    const iovec buffer{nullptr, texts[i].size()};
    call.part(1, BlobPart::Name, loopback(ports[i]), i).part(1, BlobPart::Vector, buffer, i);
    call.blob(1, BlobPart::Buffer, texts[i], i);
  }
  Exchange exchange;
  exchange.call(call).receives("one");
  CHECK(exchange.finish() == Lines{"> 5: sendmmsg", "> 3: sendmmsg recvfrom 3"});
}

TEST_CASE("a recvmsg that was told of too little room is truncated, whatever it returned") {
  msghdr header{};
  header.msg_flags = MSG_TRUNC;
  const iovec buffer{nullptr, 8};
  EventBuilder call("recvmsg");
  call.arguments({kServerFd, kPointer, 0}).returns(8).value(1, header);
  call.part(1, BlobPart::Name, loopback(kClient)).part(1, BlobPart::Vector, buffer);
  call.part(1, BlobPart::Buffer, std::string_view("far too "));
  Exchange exchange;
  exchange.sends("far too long").call(call);
  CHECK(exchange.finish() == Lines{"> 12: sendto recvmsg 8, truncated"});
}
