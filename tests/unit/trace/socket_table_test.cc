// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/socket_table.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <string>

#include "common/endpoint.h"
#include "tests/unit/catch2.h"
#include "tests/unit/trace/event_builder.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

sockaddr_in inet(uint16_t port) {
  sockaddr_in sin{};
  sin.sin_family = AF_INET;
  sin.sin_port = htons(port);
  sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return sin;
}

SocketIdentity identity(int fd, uint64_t cookie) {
  SocketIdentity identity{};
  identity.fd = fd;
  identity.domain = identity.type = identity.protocol = -1;
  identity.cookie = cookie;
  return identity;
}

SocketIdentity named(SocketIdentity identity, uint16_t local, uint16_t peer) {
  const sockaddr_in local_name = inet(local);
  const sockaddr_in peer_name = inet(peer);
  identity.local_size = identity.peer_size = sizeof local_name;
  std::memcpy(identity.local, &local_name, sizeof local_name);
  std::memcpy(identity.peer, &peer_name, sizeof peer_name);
  return identity;
}

std::string name_of(const std::vector<std::byte>& address) {
  const auto endpoint = endpoint_from_sockaddr(address);
  return endpoint ? to_string(*endpoint) : "none";
}

// "sent 0-5", "received 3-4 urgent", "sent 8" for what is no stream, "none".
std::string text(const std::optional<Transfer>& transfer) {
  if (!transfer) return "none";
  std::string text = transfer->way == Way::Sent ? "sent " : "received ";
  if (transfer->range)
    text += std::to_string(transfer->range->begin) + "-" + std::to_string(transfer->range->end);
  else
    text += std::to_string(transfer->bytes);
  return text + (transfer->urgent ? " urgent" : "");
}

// A trace that is told call by call; each step answers with what moved.
class Trace {
 public:
  Trace& in_process(uint32_t process) {
    process_ = process;
    return *this;
  }

  CallSockets apply(EventBuilder builder) {
    builder.process(process_, process_);
    Event event = builder.event();
    event.process = process_;
    return table.apply(event);
  }
  std::string move(EventBuilder builder) { return text(apply(std::move(builder)).transfer); }

  // Processes have their index as their pid.
  void begin(uint32_t process, ProcessCause cause, uint32_t parent, uint32_t pid = 0) {
    table.apply({.pid = pid != 0 ? pid : process,
                 .process = process,
                 .what = ProcessBeginEvent{.cause = cause, .parent = parent, .name = {}}});
  }

  int socket(int fd, uint64_t cookie, int type = SOCK_STREAM) {
    apply(EventBuilder("socket")
              .arguments({AF_INET, type, 0})
              .returns(fd)
              .part(0, BlobPart::Identity, identity(fd, cookie)));
    return fd;
  }

  const Socket* find(int fd, uint32_t process = 1) const { return table.find(process, fd); }
  uint64_t cookie(int fd, uint32_t process = 1) const {
    const Socket* socket = find(fd, process);
    return socket != nullptr ? socket->cookie : 0;
  }

  SocketTable table;

 private:
  uint32_t process_ = 1;
};

EventBuilder send(int fd, int64_t bytes, int flags = 0) {
  return EventBuilder("send").arguments({fd, kPointer, bytes, flags}).returns(bytes);
}

EventBuilder recv(int fd, int64_t bytes, int flags = 0) {
  return EventBuilder("recv").arguments({fd, kPointer, 4096, flags}).returns(bytes);
}

}  // namespace

TEST_CASE("each send and recv of a stream continues where the last one ended, each way") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(send(fd, 5)) == "sent 0-5");
  CHECK(trace.move(recv(fd, 7)) == "received 0-7");
  CHECK(trace.move(send(fd, 3)) == "sent 5-8");
  CHECK(trace.move(recv(fd, 0)) == "received 7-7");
  CHECK(trace.find(fd)->exact);
}

TEST_CASE("failed and unfinished calls move nothing") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(send(fd, 5).fails(EAGAIN)) == "none");
  CHECK(trace.move(send(fd, 5).state(CallState::CutOff)) == "none");
  CHECK(trace.move(send(fd, 5).state(CallState::Running)) == "none");
}

TEST_CASE("looking at bytes does not move them") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(recv(fd, 5, MSG_PEEK)) == "none");
  CHECK(trace.move(recv(fd, 5, MSG_ERRQUEUE)) == "none");
  CHECK(trace.move(recv(fd, 5)) == "received 0-5");
}

TEST_CASE("urgent bytes are named") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(send(fd, 2, MSG_OOB)) == "sent 0-2 urgent");
}

TEST_CASE("a stream discards with MSG_TRUNC what a datagram only counts") {
  Trace trace;
  const int stream = trace.socket(3, 100);
  const int datagram = trace.socket(4, 101, SOCK_DGRAM);
  CHECK(trace.move(recv(stream, 10000, MSG_TRUNC)) == "received 0-10000");
  CHECK(trace.move(recv(datagram, 10000, MSG_TRUNC)) == "received 4096");
}

TEST_CASE("sendfile and splice move their count on the side that is a socket") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(EventBuilder("sendfile").arguments({fd, 9, 0, 500}).returns(400)) ==
        "sent 0-400");
  CHECK(trace.move(EventBuilder("splice").arguments({fd, 0, 9, 0, 500, 0}).returns(20)) ==
        "received 0-20");
  CHECK(trace.move(EventBuilder("splice").arguments({9, 0, fd, 0, 500, 0}).returns(30)) ==
        "sent 400-430");
}

TEST_CASE("sendmmsg moves the sum of the messages that went out") {
  Trace trace;
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
  Trace trace;
  const int fd = trace.socket(3, 100);
  CHECK(trace.move(EventBuilder("sendmmsg").arguments({fd, kPointer, 3, 0}).returns(2)) ==
        "sent 0-0");
  CHECK_FALSE(trace.find(fd)->exact);
}

TEST_CASE("recvmsg on a datagram socket moves no more than its buffers hold") {
  Trace trace;
  const int fd = trace.socket(3, 100, SOCK_DGRAM);
  const iovec buffers[2] = {{nullptr, 10}, {nullptr, 30}};
  CHECK(trace.move(EventBuilder("recvmsg")
                       .arguments({fd, kPointer, MSG_TRUNC})
                       .returns(100)
                       .part(1, BlobPart::Vector, buffers)) == "received 40");
}

TEST_CASE("an accepted socket is of its listener's kind and knows its peer") {
  Trace trace;
  const int listener = trace.socket(3, 100);
  const sockaddr_in peer = inet(5555);
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
  Trace trace;
  const int fd = trace.socket(3, 100);
  const sockaddr_in wanted = inet(0);
  trace.apply(EventBuilder("bind").arguments({fd, kPointer, 16}).value(1, wanted));
  CHECK(name_of(trace.find(fd)->local) == "127.0.0.1:0");
  trace.apply(EventBuilder("connect")
                  .arguments({fd, kPointer, 16})
                  .value(1, inet(80))
                  .fails(EINPROGRESS)
                  .part(0, BlobPart::Identity, named(identity(fd, 100), 4000, 8080)));
  CHECK(name_of(trace.find(fd)->local) == "127.0.0.1:4000");
  CHECK(name_of(trace.find(fd)->peer) == "127.0.0.1:8080");
  CHECK(trace.find(fd)->role == SocketRole::Client);
}

TEST_CASE("a connect without an identity names the peer by its argument") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  trace.apply(EventBuilder("connect").arguments({fd, kPointer, 16}).value(1, inet(80)));
  CHECK(name_of(trace.find(fd)->peer) == "127.0.0.1:80");
  trace.apply(
      EventBuilder("connect").arguments({fd, kPointer, 16}).value(1, inet(81)).fails(ECONNREFUSED));
  CHECK(name_of(trace.find(fd)->peer) == "127.0.0.1:80");
}

TEST_CASE("a socket that was disconnected counts its next stream from zero") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  trace.move(send(fd, 5));
  trace.apply(
      EventBuilder("connect").arguments({fd, kPointer, 16}).value(1, sockaddr{AF_UNSPEC, {}}));
  CHECK(trace.move(send(fd, 2)) == "sent 0-2");
}

TEST_CASE("duplicates are the same socket") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  SECTION("dup") { trace.apply(EventBuilder("dup").arguments({fd}).returns(7)); }
  SECTION("dup2") { trace.apply(EventBuilder("dup2").arguments({fd, 7}).returns(7)); }
  SECTION("dup3") { trace.apply(EventBuilder("dup3").arguments({fd, 7, O_CLOEXEC}).returns(7)); }
  SECTION("fcntl") {
    trace.apply(EventBuilder("fcntl").arguments({fd, F_DUPFD_CLOEXEC, 7}).returns(7));
  }
  trace.move(send(fd, 5));
  CHECK(trace.move(send(7, 2)) == "sent 5-7");
  trace.apply(EventBuilder("close").arguments({fd}));
  CHECK(trace.cookie(fd) == 0);
  CHECK(trace.cookie(7) == 100);
}

TEST_CASE("dup2 over a socket by what is none leaves no socket there") {
  Trace trace;
  const int fd = trace.socket(3, 100);
  trace.apply(EventBuilder("dup2").arguments({9, fd}).returns(fd));
  CHECK(trace.cookie(fd) == 0);
}

TEST_CASE("the socket of a close is the one that it closed") {
  Trace trace;
  trace.socket(3, 100);
  const CallSockets about = trace.apply(EventBuilder("close").arguments({3}));
  CHECK(about.socket->cookie == 100);
  CHECK(trace.cookie(3) == 0);
}

TEST_CASE("close frees the descriptor even where it fails") {
  Trace trace;
  trace.socket(3, 100);
  trace.apply(EventBuilder("close").arguments({3}).fails(EINTR));
  CHECK(trace.cookie(3) == 0);
}

TEST_CASE("ranges of descriptors are closed at once") {
  Trace trace;
  for (const int fd : {3, 4, 5, 6}) trace.socket(fd, 100 + static_cast<uint64_t>(fd));
  trace.apply(EventBuilder("close_range").arguments({4, 5, 0}));
  CHECK(trace.cookie(3) == 103);
  CHECK(trace.cookie(4) == 0);
  CHECK(trace.cookie(6) == 106);
  trace.apply(EventBuilder("closefrom").arguments({-1}));
  CHECK(trace.cookie(3) == 0);
}

TEST_CASE("both ends of a socketpair are known") {
  Trace trace;
  const int pair[2] = {5, 6};
  const CallSockets about = trace.apply(EventBuilder("socketpair")
                                            .arguments({AF_UNIX, SOCK_STREAM, 0, kPointer})
                                            .value(3, pair)
                                            .part(0, BlobPart::Identity, identity(5, 100))
                                            .part(0, BlobPart::Identity, identity(6, 101)));
  CHECK(about.made.size() == 2);
  CHECK(trace.cookie(5) == 100);
  CHECK(trace.cookie(6) == 101);
  CHECK(trace.find(6)->domain == AF_UNIX);
}

TEST_CASE("a number that a new socket got is no longer the old one") {
  Trace trace;
  trace.socket(3, 0);
  trace.move(send(3, 5));
  trace.socket(3, 0);
  CHECK(trace.move(send(3, 2)) == "sent 0-2");
}

TEST_CASE("a forked child shares its parent's sockets and their counts") {
  Trace trace;
  trace.begin(1, ProcessCause::Start, 0);
  const int fd = trace.socket(3, 100);
  trace.move(send(fd, 5));
  trace.begin(2, ProcessCause::Fork, 1);
  CHECK(trace.in_process(2).move(send(fd, 2)) == "sent 5-7");
  CHECK(trace.in_process(1).move(send(fd, 1)) == "sent 7-8");
  trace.apply(EventBuilder("close").arguments({fd}));
  CHECK(trace.cookie(fd, 2) == 100);
}

TEST_CASE("a child that begins late has what its parent had when it forked") {
  Trace trace;
  trace.begin(1, ProcessCause::Start, 0);
  const int fd = trace.socket(3, 100);
  trace.apply(EventBuilder("fork").returns(2));
  trace.apply(EventBuilder("close").arguments({fd}));
  trace.begin(2, ProcessCause::Fork, 1);
  CHECK(trace.cookie(fd, 2) == 100);
}

TEST_CASE("exec keeps what is not close-on-exec") {
  Trace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 103);
  trace.socket(4, 104, SOCK_STREAM | SOCK_CLOEXEC);
  trace.socket(5, 105);
  trace.apply(EventBuilder("fcntl").arguments({5, F_SETFD, FD_CLOEXEC}));
  trace.socket(6, 106, SOCK_STREAM | SOCK_CLOEXEC);
  trace.apply(EventBuilder("dup2").arguments({6, 7}).returns(7));
  trace.socket(8, 108);
  trace.apply(EventBuilder("close_range").arguments({8, 8, CLOSE_RANGE_CLOEXEC}));
  trace.begin(2, ProcessCause::Exec, 0, 1);
  CHECK(trace.cookie(3, 2) == 103);
  CHECK(trace.cookie(4, 2) == 0);
  CHECK(trace.cookie(5, 2) == 0);
  CHECK(trace.cookie(6, 2) == 0);
  CHECK(trace.cookie(7, 2) == 106);
  CHECK(trace.cookie(8, 2) == 0);
}

TEST_CASE("what a vfork child does before exec is not done to its parent") {
  Trace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 100);
  trace.socket(4, 101);
  trace.begin(2, ProcessCause::Vfork, 1);
  trace.in_process(2).apply(EventBuilder("dup2").arguments({3, 0}).flags(kFlagVforkChild));
  trace.apply(EventBuilder("close").arguments({4}).flags(kFlagVforkChild));
  CHECK(trace.cookie(0, 1) == 0);
  CHECK(trace.cookie(4, 1) == 101);
  SECTION("the child's program begins before vfork returns") {
    trace.begin(3, ProcessCause::Exec, 1, 2);
    trace.in_process(1).apply(EventBuilder("vfork").returns(2));
  }
  SECTION("vfork returns before the child's program begins") {
    trace.in_process(1).apply(EventBuilder("vfork").returns(2));
    trace.begin(3, ProcessCause::Exec, 1, 2);
  }
  CHECK(trace.cookie(0, 3) == 100);
  CHECK(trace.cookie(4, 3) == 0);
}

TEST_CASE("a spawned child has its parent's sockets") {
  Trace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 100);
  trace.apply(EventBuilder("posix_spawn").arguments({kPointer, kPointer, kPointer}).value(0, 2));
  trace.apply(EventBuilder("close").arguments({3}));
  trace.begin(2, ProcessCause::Exec, 1);
  CHECK(trace.cookie(3, 2) == 100);
}

TEST_CASE("a socket that came by SCM_RIGHTS is found again by its cookie") {
  Trace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.begin(2, ProcessCause::Start, 0);
  const int fd = trace.socket(3, 100);
  trace.move(send(fd, 5));
  trace.apply(EventBuilder("close").arguments({fd}));
  trace.in_process(2).socket(9, 200);
  struct {
    size_t length = CMSG_LEN(sizeof(int));
    int level = SOL_SOCKET;
    int type = SCM_RIGHTS;
    int fd = 9;
    int padding = 0;
  } rights;
  trace.socket(4, 201, SOCK_DGRAM);
  trace.apply(EventBuilder("recvmsg")
                  .arguments({4, kPointer, 0})
                  .returns(1)
                  .part(1, BlobPart::Control, rights));
  CHECK(trace.cookie(9, 2) == 0);
  CHECK(trace.move(send(9, 2).part(0, BlobPart::Identity, identity(9, 100))) == "sent 5-7");
}

TEST_CASE("an inherited socket counts from where it was first seen, and says so") {
  Trace trace;
  SocketIdentity met = identity(0, 100);
  met.domain = AF_INET;
  met.type = SOCK_STREAM;
  CHECK(trace.move(send(0, 5).part(0, BlobPart::Identity, met)) == "sent 0-5");
  CHECK_FALSE(trace.find(0)->exact);
  CHECK(trace.find(0)->domain == AF_INET);
}

TEST_CASE("an identity that contradicts what is known shows a close that was missed") {
  Trace trace;
  trace.socket(3, 100);
  trace.move(send(3, 5));
  SocketIdentity met = identity(3, 101);
  met.type = SOCK_STREAM;
  CHECK(trace.move(send(3, 2).part(0, BlobPart::Identity, met)) == "sent 0-2");
}

TEST_CASE("a socket of which nothing is known is one all the same") {
  Trace trace;
  const CallSockets about = trace.apply(send(3, 5));
  REQUIRE(about.socket != nullptr);
  CHECK(about.socket->type == -1);
  CHECK(text(about.transfer) == "sent 5");
  CHECK(trace.apply(EventBuilder("send").arguments({4}).fails(ENOTSOCK)).socket == nullptr);
}

TEST_CASE("after calls were lost no offset is certain") {
  Trace trace;
  trace.socket(3, 100);
  trace.table.apply({.what = LostEvent{.count = 1}});
  CHECK_FALSE(trace.find(3)->exact);
  trace.socket(4, 101);
  CHECK(trace.find(4)->exact);
}

TEST_CASE("a process that ended is forgotten, its sockets live on in others") {
  Trace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 100);
  trace.begin(2, ProcessCause::Fork, 1);
  trace.table.apply({.pid = 1, .process = 1, .what = ProcessEndEvent{}});
  CHECK(trace.cookie(3, 1) == 0);
  CHECK(trace.cookie(3, 2) == 100);
}

TEST_CASE("thousands of sockets that come and go leave the living one alone") {
  Trace trace;
  trace.socket(3, 1);
  trace.move(send(3, 5));
  for (uint64_t cookie = 2; cookie < 20000; ++cookie) trace.socket(4, cookie);
  CHECK(trace.move(send(3, 1)) == "sent 5-6");
}
