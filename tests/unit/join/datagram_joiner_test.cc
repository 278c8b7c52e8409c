// SPDX-License-Identifier: Apache-2.0
// What becomes of datagrams between a client and a server, told call by call and packet by packet.
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "inspector/join/traced_ends.h"
#include "tests/unit/catch2.h"
#include "tests/unit/join/datagram_exchange.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

using Exchange = DatagramExchange;

// sendmsg(2) with the size of each datagram in a control message of udp(7).
EventBuilder sends_segments(std::string_view text, uint16_t size) {
  struct {  // a cmsghdr, and its data
    uint64_t length;
    int level;
    int type;
    uint16_t size;
  } control{CMSG_LEN(sizeof size), IPPROTO_UDP, UDP_SEGMENT, size};
  const iovec buffer{nullptr, text.size()};
  EventBuilder call("sendmsg");
  call.arguments({kClientFd, kPointer, 0}).returns(int64_t(text.size())).value(1, msghdr{});
  call.part(1, BlobPart::Name, loopback(kServer)).part(1, BlobPart::Vector, buffer);
  call.part(1, BlobPart::Control, control).part(1, BlobPart::Buffer, text);
  return call;
}

EventBuilder receives_at(int fd, std::string_view text) {
  return EventBuilder("recvfrom")
      .arguments({fd, kPointer, 99, 0, kPointer, 16})
      .returns(int64_t(text.size()))
      .value(1, text)
      .value(4, loopback(kClient));
}

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
  exchange.packet("hello", kClient, 53).sends("hello", kClientFd, 53).later(3900);
  CHECK(exchange.later(200).log.lines == Lines{"> 5: sendto #1"});
}

TEST_CASE("an ICMP message that comes seconds later belongs to its datagram") {
  Exchange exchange;
  exchange.packet("hello", kClient, 53).sends("hello", kClientFd, 53).later(3100).refused();
  CHECK(exchange.finish() == Lines{"> 5: sendto #1 icmp #2, unreachable"});
}

TEST_CASE("nothing is called lost that a call may have received which the trace lacks") {
  Exchange exchange;
  exchange.packet("hello").sends("hello").packet("hello").loses().closes(kServerFd);
  CHECK(exchange.finish() == Lines{"> 5: sendto #1", "> 5: #2"});
}

TEST_CASE("nothing is called lost by the end of a trace that ends before its processes do") {
  TracedEnds ends;
  ends.event({.pid = 9, .process = 1, .what = ProcessBeginEvent{}});
  ends.event({.pid = 9, .process = 2, .what = ProcessBeginEvent{ProcessCause::Exec, 0, 0, {}}});
  SECTION("as it does where the disk was full") {
    Exchange exchange(ends.expectation());
    exchange.sends("hello").packet("hello");
    CHECK(exchange.finish() == Lines{"> 5: sendto #1"});
  }
  SECTION("and not here") {
    ends.event({.pid = 9, .process = 2, .what = ProcessEndEvent{}});
    Exchange exchange(ends.expectation());
    exchange.sends("hello").packet("hello");
    CHECK(exchange.finish() == Lines{"> 5: sendto #1, lost"});
  }
}

TEST_CASE("a datagram that never arrived has overtaken nobody") {
  Exchange exchange;
  exchange.sends("first").receives("first").sends("second").closes(kServerFd);
  CHECK(exchange.finish() == Lines{"> 5: sendto recvfrom 5", "> 6: sendto, lost"});
}

TEST_CASE("a datagram that its receiver had no room for has overtaken nobody") {
  Exchange exchange;
  for (int i = 0; i < 3; ++i) exchange.sends("same").packet("same");
  exchange.receives("same");
  exchange.closes(kServerFd).later(2000);
  Lines lines = exchange.finish();
  std::ranges::sort(lines);
  CHECK(lines ==
        Lines{"> 4: sendto #1 recvfrom 4", "> 4: sendto #2, lost", "> 4: sendto #3, lost"});
}

TEST_CASE("several sends make one datagram where they say that more comes") {
  Exchange exchange;
  const auto sends = [](std::string_view text, int flags) {
    return EventBuilder("sendto")
        .arguments({kClientFd, kPointer, int64_t(text.size()), flags, kPointer, 16})
        .returns(int64_t(text.size()))
        .value(1, text)
        .value(4, loopback(kServer));
  };
  const auto corks = [](int value) {
    return EventBuilder("setsockopt")
        .arguments({kClientFd, IPPROTO_UDP, UDP_CORK, kPointer, 4})
        .value(3, value);
  };
  SECTION("by MSG_MORE") {
    exchange.call(sends("one", MSG_MORE)).call(sends("two", 0)).packet("onetwo");
  }
  SECTION("by UDP_CORK") {
    exchange.call(corks(1)).call(sends("one", 0)).call(sends("two", 0)).call(corks(0));
    exchange.packet("onetwo");
  }
  exchange.receives("onetwo").call(sends("", 0)).packet("").receives("");
  CHECK(exchange.finish() == Lines{"> 6: sendto #1 recvfrom 6", "> 0: sendto #2 recvfrom 0"});
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

TEST_CASE("One send with UDP_SEGMENT is several datagrams, though they lie in one packet") {
  const Lines three{"> 3: sendmsg #1 recvfrom 3", "> 3: sendmsg #1 recvfrom 3",
                    "> 1: sendmsg #1 recvfrom 1"};
  Exchange exchange;
  SECTION("the packet is seen first") {
    exchange.packet("abcdefg").call(sends_segments("abcdefg", 3));
    exchange.receives("abc").receives("def").receives("g");
  }
  SECTION("the packet is stamped later") {
    exchange.call(sends_segments("abcdefg", 3)).packet("abcdefg");
    exchange.receives("abc").receives("def").receives("g");
  }
  SECTION("the receives return first") {
    exchange.packet("abcdefg").receives("abc").receives("def").receives("g");
    exchange.call(sends_segments("abcdefg", 3));
  }
  CHECK(exchange.finish() == three);
}

TEST_CASE("A receive that is a part of a packet shows that it is several datagrams") {
  Exchange exchange;
  exchange.packet("abcdefg").receives("abc").receives("def").receives("g");
  CHECK(exchange.finish() ==
        Lines{"> 3: #1 recvfrom 3", "> 3: #1 recvfrom 3", "> 1: #1 recvfrom 1"});
}

TEST_CASE("Packets that the sender's interface has cut are each of their part") {
  Exchange exchange;
  exchange.packet("abc").packet("def").packet("g").call(sends_segments("abcdefg", 3));
  exchange.receives("abc").receives("def").receives("g");
  CHECK(exchange.finish() == Lines{"> 3: sendmsg #1 recvfrom 3", "> 3: sendmsg #2 recvfrom 3",
                                   "> 1: sendmsg #3 recvfrom 1"});
}

TEST_CASE("Each socket that has joined a group receives what is sent to it, and none lost it") {
  constexpr uint32_t kGroup = 0xef050607;
  Exchange exchange;
  for (const int fd : {6, 7}) exchange.bind_any(fd, kServer);
  sockaddr_in group = loopback(kServer);
  group.sin_addr.s_addr = htonl(kGroup);
  const auto sends = [&] {
    return EventBuilder("sendto")
        .arguments({kClientFd, kPointer, 5, 0, kPointer, 16})
        .returns(5)
        .value(1, std::string_view("hello"))
        .value(4, group);
  };
  exchange.packet("hello", kClient, kServer, kGroup).call(sends());
  exchange.packet("hello", kClient, kServer, kGroup).call(sends());
  for (const int fd : {6, 7}) exchange.call(receives_at(fd, "hello"));
  exchange.call(receives_at(7, "hello"));
  CHECK(exchange.later(2000).log.lines ==
        Lines{"> 5: sendto #1 recvfrom 5, recvfrom 5", "> 5: sendto #2 recvfrom 5"});
}

TEST_CASE("The broadcast address of any subnet is known by its packet's link, or its sender") {
  constexpr uint32_t kOfSubnet = 0x0a09000f;  // 10.9.0.15/28
  Exchange exchange;
  for (const int fd : {6, 7}) exchange.bind_any(fd, kServer);
  sockaddr_in subnet = loopback(kServer);
  subnet.sin_addr.s_addr = htonl(kOfSubnet);
  const auto sendto = [&](std::string_view text) {
    return EventBuilder("sendto")
        .arguments({kClientFd, kPointer, 5, 0, kPointer, 16})
        .returns(5)
        .value(1, text)
        .value(4, subnet);
  };
  std::string sent;
  bool received = false;
  const auto receive_both = [&] {
    if (!std::exchange(received, true))
      for (const int fd : {6, 7}) exchange.call(receives_at(fd, "hello"));
  };
  SECTION("by the link") {
    const std::string packet =
        ipv4({.source = kLoopback, .destination = kOfSubnet, .protocol = kUdp},
             udp({.source_port = kClient, .destination_port = kServer}, "hello"));
    exchange.raw(cooked_v2({.packet_type = 1, .hardware = 1}, packet), kLinkCookedV2);
  }
  SECTION("by SO_BROADCAST of the sender") {
    exchange.call(EventBuilder("setsockopt")
                      .arguments({kClientFd, SOL_SOCKET, SO_BROADCAST, kPointer, 4})
                      .value(3, 1));
    exchange.packet("hello", kClient, kServer, kOfSubnet);
    SECTION("which returns first") {}
    SECTION("which returns when all have received it") { receive_both(); }
    exchange.call(sendto("hello"));
    sent = " sendto";
  }
  receive_both();
  CHECK(exchange.later(2000).log.lines == Lines{"> 5:" + sent + " #1 recvfrom 5, recvfrom 5"});
}

TEST_CASE("An ICMP message belongs to its datagram, and to the call that it makes fail") {
  Exchange exchange;
  exchange.packet("first", kClient, 53).refused().sends("first", kClientFd, 53);
  exchange.packet("other", kClient, 54).sends("other", kClientFd, 54);
  exchange.call(recv(kClientFd, 0).fails(ECONNREFUSED));
  CHECK(exchange.finish() ==
        Lines{"> 5: sendto #1 icmp #2 told by recv, unreachable", "> 5: sendto #3"});
}
