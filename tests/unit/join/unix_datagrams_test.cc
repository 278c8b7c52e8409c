// SPDX-License-Identifier: Apache-2.0
// Between which UNIX sockets messages go that stay whole.
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "tests/unit/catch2.h"
#include "tests/unit/join/datagram_exchange.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

// Sockets that connect to "/name", and those that were accepted there.
class Seqpacket : public DatagramExchange {
 public:
  void connects(int fd) {
    call(EventBuilder("connect")
             .arguments({fd, kPointer, 8})
             .value(1, name_)
             .part(0, BlobPart::Identity, met(fd, true)));
  }
  void accepts(int fd) {
    call(EventBuilder("accept")
             .arguments({30, 0, 0})
             .returns(fd)
             .part(0, BlobPart::Identity, met(fd, false)));
  }
  void sends(int fd, std::string_view text) { call(send(fd, int64_t(text.size())).value(1, text)); }
  void receives(int fd, std::string_view text) {
    call(recv(fd, int64_t(text.size())).value(1, text));
  }

 private:
  SocketIdentity met(int fd, bool is_client) const {
    SocketIdentity who = identity(fd, uint64_t(fd));
    who.domain = AF_UNIX;
    who.type = SOCK_SEQPACKET;
    std::memcpy(is_client ? who.peer : who.local, &name_, 8);
    (is_client ? who.peer_size : who.local_size) = 8;
    return who;
  }

  sockaddr_un name_{AF_UNIX, "/name"};
};

}  // namespace

TEST_CASE("A message of a UNIX socket that keeps them whole goes from one end to the other") {
  DatagramExchange exchange;
  const std::array<int, 2> pair{8, 9};
  exchange.call(
      EventBuilder("socketpair").arguments({AF_UNIX, SOCK_SEQPACKET, 0, kPointer}).value(3, pair));
  const auto sends = [](int fd, std::string_view text) {
    return send(fd, int64_t(text.size())).value(1, text);
  };
  const auto receives = [](int fd, std::string_view text) {
    return recv(fd, int64_t(text.size())).value(1, text);
  };
  exchange.call(sends(8, "one")).call(sends(8, "")).call(sends(9, "two"));
  exchange.call(receives(9, "one")).call(receives(9, "")).call(receives(8, "two"));
  exchange.call(EventBuilder("close").arguments({8})).call(receives(9, ""));
  CHECK(exchange.finish() == Lines{"> 3: send recv 3", "> 0: send recv 0", "< 3: send recv 3"});
  CHECK(exchange.log.talks == Lines{"(unnamed) (pair)"});
}

TEST_CASE("Connections of a UNIX socket are accepted in the order in which they were made") {
  Seqpacket exchange;
  for (const int fd : {10, 11}) exchange.connects(fd);
  for (const int fd : {20, 21}) exchange.accepts(fd);
  for (const int fd : {11, 10}) exchange.sends(fd, "hi");
  for (const int fd : {20, 21}) exchange.receives(fd, "hi");
  CHECK(exchange.finish() == Lines{"> 2: send recv 2", "> 2: send recv 2"});
  CHECK(exchange.log.talks == Lines{"(unnamed) /name", "(unnamed) /name"});
}

TEST_CASE("What was sent before the connection was accepted is received by who accepts it") {
  Seqpacket exchange;
  exchange.connects(10);
  exchange.sends(10, "early");
  exchange.accepts(20);
  exchange.receives(20, "early");
  CHECK(exchange.finish() == Lines{"> 5: send recv 5"});
  CHECK(exchange.log.talks == Lines{"(unnamed) /name"});
}

TEST_CASE("Where a stranger connected first, no message is said to be another's, or lost") {
  Seqpacket exchange;
  SECTION("its connection was accepted before") {
    exchange.accepts(20);
    exchange.connects(10);
    exchange.accepts(21);
  }
  SECTION("it was accepted behind, and has sent something else first") {
    exchange.connects(10);
    exchange.accepts(20);
    exchange.receives(20, "hey");
    exchange.accepts(21);
  }
  SECTION("it says nothing") {
    exchange.connects(10);
    exchange.accepts(20);
    exchange.accepts(21);
  }
  exchange.sends(20, "to a stranger");
  exchange.sends(10, "hello");
  exchange.receives(21, "hello");
  exchange.sends(21, "welcome");
  exchange.receives(10, "welcome");
  for (const int fd : {10, 20, 21}) exchange.call(EventBuilder("close").arguments({fd}));
  Lines lines = exchange.finish();
  std::erase(lines, "> 3: recv 3");
  std::ranges::sort(lines);
  CHECK(lines == Lines{"< 13: send", "< 7: send recv 7", "> 5: send recv 5"});
}

TEST_CASE("A stranger that says the same as a client first is found out by what is left") {
  Seqpacket exchange;
  exchange.connects(10);
  exchange.sends(10, "hello");
  exchange.accepts(20);
  exchange.receives(20, "hello");
  exchange.accepts(21);
  exchange.sends(10, "more");
  exchange.receives(21, "hello");
  exchange.receives(21, "more");
  for (const int fd : {10, 20, 21}) exchange.call(EventBuilder("close").arguments({fd}));
  Lines lines = exchange.finish();
  std::ranges::sort(lines);
  CHECK(lines == Lines{"> 4: send recv 4", "> 5: recv 5", "> 5: send recv 5"});
}
