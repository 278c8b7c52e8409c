// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/socket_table.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/socket_trace.h"

using namespace wireseam;
using namespace wireseam::test;

TEST_CASE("each send and recv of a stream continues where the last one ended, each way") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(send(fd, 5)) == "sent 0-5");
  CHECK(trace.move(recv(fd, 7)) == "received 0-7");
  CHECK(trace.move(send(fd, 3)) == "sent 5-8");
  CHECK(trace.move(recv(fd, 0)) == "received 7-7");
  CHECK(trace.find(fd)->exact);
}

TEST_CASE("failed and unfinished calls move nothing") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(send(fd, 5).fails(EAGAIN)) == "none");
  CHECK(trace.move(send(fd, 5).state(CallState::CutOff)) == "none");
  CHECK(trace.move(send(fd, 5).state(CallState::Running)) == "none");
}

TEST_CASE("looking at bytes does not move them") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(recv(fd, 5, MSG_PEEK)) == "none");
  CHECK(trace.move(recv(fd, 5, MSG_ERRQUEUE)) == "none");
  CHECK(trace.move(recv(fd, 5)) == "received 0-5");
}

TEST_CASE("urgent bytes are named") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(send(fd, 2, MSG_OOB)) == "sent 0-2 urgent");
}

TEST_CASE("a stream discards with MSG_TRUNC what a datagram only counts") {
  SocketTrace trace;
  const int stream = trace.socket(3, 100);
  const int datagram = trace.socket(4, 101, SOCK_DGRAM);
  CHECK(trace.move(recv(stream, 10000, MSG_TRUNC)) == "received 0-10000");
  CHECK(trace.move(recv(datagram, 10000, MSG_TRUNC)) == "received 4096");
}

TEST_CASE("sendfile and splice move their count on the side that is a socket") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(EventBuilder("sendfile").arguments({fd, 9, 0, 500}).returns(400)) ==
        "sent 0-400");
  CHECK(trace.move(EventBuilder("splice").arguments({fd, 0, 9, 0, 500, 0}).returns(20)) ==
        "received 0-20");
  CHECK(trace.move(EventBuilder("splice").arguments({9, 0, fd, 0, 500, 0}).returns(30)) ==
        "sent 400-430");
}

TEST_CASE("sendmmsg moves the sum of the messages that went out") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  mmsghdr messages[3]{};
  messages[0].msg_len = 10;
  messages[1].msg_len = 20;
  messages[2].msg_len = 77;  // not sent
  CHECK(
      trace.move(
          EventBuilder("sendmmsg").arguments({fd, kPointer, 3, 0}).returns(2).value(1, messages)) ==
      "sent 0-30");
  CHECK(trace.find(fd)->exact);
}

TEST_CASE("a count that the record does not hold makes the offsets doubtful") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(EventBuilder("sendmmsg").arguments({fd, kPointer, 3, 0}).returns(2)) ==
        "sent 0-0");
  CHECK_FALSE(trace.find(fd)->exact);
}

TEST_CASE("recvmsg on a datagram socket moves no more than its buffers hold") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100, SOCK_DGRAM);
  const iovec buffers[2] = {{nullptr, 10}, {nullptr, 30}};
  CHECK(trace.move(EventBuilder("recvmsg")
                       .arguments({fd, kPointer, MSG_TRUNC})
                       .returns(100)
                       .part(1, BlobPart::Vector, buffers)) == "received 40");
}

TEST_CASE("an accepted socket is of its listener's kind and knows its peer") {
  SocketTrace trace;
  const int listener = trace.socket(3, 100);
  const sockaddr_in peer = loopback(5555);
  const CallSockets about = trace.apply(EventBuilder("accept4")
                                            .arguments({listener, kPointer, kPointer, SOCK_CLOEXEC})
                                            .returns(4)
                                            .value(1, peer)
                                            .part(0, BlobPart::Identity, identity(4, 101)));
  CHECK(about.fd == listener);
  CHECK(about.socket->role == SocketRole::Listener);
  REQUIRE(about.made.size() == 1);
  CHECK(about.made[0].fd == 4);
  CHECK(about.made[0].socket->type == SOCK_STREAM);
  CHECK(about.made[0].socket->domain == AF_INET);
  CHECK(about.made[0].socket->role == SocketRole::Server);
  CHECK(name_of(about.made[0].socket->peer) == "127.0.0.1:5555");
}

TEST_CASE("the addresses that the kernel told go before those that were asked for") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  const sockaddr_in wanted = loopback(0);
  trace.apply(EventBuilder("bind").arguments({fd, kPointer, 16}).value(1, wanted));
  CHECK(name_of(trace.find(fd)->local) == "127.0.0.1:0");
  trace.apply(EventBuilder("connect")
                  .arguments({fd, kPointer, 16})
                  .value(1, loopback(80))
                  .fails(EINPROGRESS)
                  .part(0, BlobPart::Identity, named(identity(fd, 100), 4000, 8080)));
  CHECK(name_of(trace.find(fd)->local) == "127.0.0.1:4000");
  CHECK(name_of(trace.find(fd)->peer) == "127.0.0.1:8080");
  CHECK(trace.find(fd)->role == SocketRole::Client);
}

TEST_CASE("a name for which the program gave too little room is not the socket's name") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  const auto asked = [&](uint32_t size) {
    const sockaddr_in name = loopback(80);
    const std::string_view bytes(reinterpret_cast<const char*>(&name), size);
    trace.apply(EventBuilder("getsockname")
                    .arguments({fd, kPointer, kPointer})
                    .blob(1, BlobPart::Value, bytes)
                    .before(2, size)
                    .value(2, uint32_t{16}));
  };
  asked(16);
  asked(4);
  CHECK(name_of(trace.find(fd)->local) == "127.0.0.1:80");
}

TEST_CASE("a connect without an identity names the peer by its argument") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  trace.apply(EventBuilder("connect").arguments({fd, kPointer, 16}).value(1, loopback(80)));
  CHECK(name_of(trace.find(fd)->peer) == "127.0.0.1:80");
  trace.apply(EventBuilder("connect")
                  .arguments({fd, kPointer, 16})
                  .value(1, loopback(81))
                  .fails(ECONNREFUSED));
  CHECK(name_of(trace.find(fd)->peer) == "127.0.0.1:80");
}

TEST_CASE("a connect that a signal interrupted goes on") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  trace.apply(
      EventBuilder("connect").arguments({fd, kPointer, 16}).value(1, loopback(80)).fails(EINTR));
  CHECK(name_of(trace.find(fd)->peer) == "127.0.0.1:80");
  CHECK(trace.find(fd)->role == SocketRole::Client);
}

TEST_CASE("a socket that was disconnected counts its next stream from zero") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  trace.move(send(fd, 5));
  trace.apply(
      EventBuilder("connect").arguments({fd, kPointer, 16}).value(1, sockaddr{AF_UNSPEC, {}}));
  CHECK(trace.move(send(fd, 2)) == "sent 0-2");
}

TEST_CASE("a socket whose connect failed after all is connected anew, by another port") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  const auto connects = [&](uint16_t local) {
    trace.apply(EventBuilder("connect")
                    .arguments({fd, kPointer, 16})
                    .value(1, loopback(80))
                    .part(0, BlobPart::Identity, named(identity(fd, 100), local, 80))
                    .fails(EINPROGRESS));
    return trace.find(fd)->association;
  };
  const uint32_t first = connects(40000);
  CHECK(connects(40000) == first);
  CHECK(connects(40001) == first + 1);
}

TEST_CASE("a send with MSG_FASTOPEN connects, unless it failed") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  const auto sends = [&] {
    return EventBuilder("sendto").arguments({fd, kPointer, 5, MSG_FASTOPEN, kPointer, 16});
  };
  trace.apply(sends().value(4, loopback(80)).fails(ECONNREFUSED));
  CHECK(trace.find(fd)->role == SocketRole::Unknown);
  CHECK(trace.move(sends().value(4, loopback(80)).returns(5)) == "sent 0-5");
  CHECK(trace.find(fd)->role == SocketRole::Client);
  CHECK(name_of(trace.find(fd)->peer) == "127.0.0.1:80");
}

TEST_CASE("an inherited socket counts from where it was first seen, and says so") {
  SocketTrace trace;
  SocketIdentity met = identity(0, 100);
  met.domain = AF_INET;
  met.type = SOCK_STREAM;
  CHECK(trace.move(send(0, 5).part(0, BlobPart::Identity, met)) == "sent 0-5");
  CHECK_FALSE(trace.find(0)->exact);
  CHECK(trace.find(0)->domain == AF_INET);
}

TEST_CASE("an identity that contradicts what is known shows a close that was missed") {
  SocketTrace trace;
  trace.socket(3, 100);
  trace.move(send(3, 5));
  SocketIdentity met = identity(3, 101);
  met.type = SOCK_STREAM;
  CHECK(trace.move(send(3, 2).part(0, BlobPart::Identity, met)) == "sent 0-2");
}

TEST_CASE("a socket of which nothing is known is one all the same") {
  SocketTrace trace;
  const CallSockets about = trace.apply(send(3, 5));
  REQUIRE(about.socket != nullptr);
  CHECK(about.socket->type == -1);
  CHECK(text(about.transfer) == "sent 5");
  CHECK(trace.apply(EventBuilder("send").arguments({4}).fails(ENOTSOCK)).socket == nullptr);
}

TEST_CASE("after calls were lost no offset is certain") {
  SocketTrace trace;
  trace.socket(3, 100);
  trace.table.apply({.what = LostEvent{.count = 1}});
  CHECK_FALSE(trace.find(3)->exact);
  trace.socket(4, 101);
  CHECK(trace.find(4)->exact);
}
