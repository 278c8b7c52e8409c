// SPDX-License-Identifier: Apache-2.0
// Which socket a descriptor is, through dup, close, fork, exec and SCM_RIGHTS.
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/socket.h>

#include <cerrno>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/socket_trace.h"

using namespace wireseam;
using namespace wireseam::test;

TEST_CASE("duplicates are the same socket") {
  SocketTrace trace;
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
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  trace.apply(EventBuilder("dup2").arguments({9, fd}).returns(fd));
  CHECK(trace.cookie(fd) == 0);
}

TEST_CASE("the socket of a close is the one that it closed") {
  SocketTrace trace;
  trace.socket(3, 100);
  const CallSockets about = trace.apply(EventBuilder("close").arguments({3}));
  CHECK(about.socket->cookie == 100);
  CHECK(trace.cookie(3) == 0);
}

TEST_CASE("close frees the descriptor even where it fails") {
  SocketTrace trace;
  trace.socket(3, 100);
  trace.apply(EventBuilder("close").arguments({3}).fails(EINTR));
  CHECK(trace.cookie(3) == 0);
}

TEST_CASE("ranges of descriptors are closed at once") {
  SocketTrace trace;
  for (const int fd : {3, 4, 5, 6}) trace.socket(fd, 100 + static_cast<uint64_t>(fd));
  trace.apply(EventBuilder("close_range").arguments({4, 5, 0}));
  CHECK(trace.cookie(3) == 103);
  CHECK(trace.cookie(4) == 0);
  CHECK(trace.cookie(6) == 106);
  trace.apply(EventBuilder("closefrom").arguments({-1}));
  CHECK(trace.cookie(3) == 0);
}

TEST_CASE("both ends of a socketpair are known") {
  SocketTrace trace;
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
  SocketTrace trace;
  trace.socket(3, 0);
  trace.move(send(3, 5));
  trace.socket(3, 0);
  CHECK(trace.move(send(3, 2)) == "sent 0-2");
}

TEST_CASE("a forked child shares its parent's sockets and their counts") {
  SocketTrace trace;
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
  SocketTrace trace;
  trace.begin(1, ProcessCause::Start, 0);
  const int fd = trace.socket(3, 100);
  trace.apply(EventBuilder("fork").returns(2));
  trace.apply(EventBuilder("close").arguments({fd}));
  trace.begin(2, ProcessCause::Fork, 1);
  CHECK(trace.cookie(fd, 2) == 100);
}

TEST_CASE("exec keeps what is not close-on-exec") {
  SocketTrace trace;
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
  SocketTrace trace;
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

TEST_CASE("a child that has ended before vfork returns holds nothing") {
  SocketTrace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 100);
  const uint64_t id = trace.find(3)->id;
  trace.begin(2, ProcessCause::Vfork, 1);
  trace.begin(3, ProcessCause::Exec, 1, 2);
  trace.table.apply({.pid = 2, .process = 3, .what = ProcessEndEvent{}});
  trace.in_process(1).apply(EventBuilder("vfork").returns(2).begins(0));
  trace.apply(EventBuilder("close").arguments({3}));
  CHECK_FALSE(trace.table.in_use(id));
}

TEST_CASE("a thread that unshared its descriptors closes only its own") {
  SocketTrace trace;
  trace.socket(3, 100);
  trace.in_thread(1, 7).move(send(3, 1));
  SECTION("by unshare") { trace.apply(EventBuilder("unshare").arguments({CLONE_FILES})); }
  SECTION("by a call that closes none of the sockets") {
    trace.apply(EventBuilder("close_range").arguments({100, 200, CLOSE_RANGE_UNSHARE}));
  }
  trace.apply(EventBuilder("close").arguments({3}));
  CHECK(trace.cookie(3, 1, 7) == 0);
  CHECK(trace.cookie(3) == 100);
  trace.socket(3, 101);
  CHECK(trace.cookie(3, 1, 7) == 101);
  CHECK(trace.in_thread(1, 1).move(send(3, 2)) == "sent 1-3");
}

TEST_CASE("a thread that has nobody to part with keeps its process's descriptors") {
  SocketTrace trace;
  trace.socket(3, 100);
  SECTION("as it is alone") { trace.apply(EventBuilder("unshare").arguments({CLONE_FILES})); }
  SECTION("as the call failed") {
    trace.in_thread(1, 7).apply(EventBuilder("unshare").arguments({CLONE_FILES}).fails(EPERM));
  }
  SECTION("as it unshares something else") {
    trace.in_thread(1, 7).apply(EventBuilder("unshare").arguments({CLONE_NEWNET}));
  }
  trace.apply(EventBuilder("close").arguments({3}));
  CHECK(trace.cookie(3) == 0);
}

TEST_CASE("processes that share their descriptors close each other's, until one executes") {
  SocketTrace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 100);
  trace.socket(4, 101);
  const auto clone = EventBuilder("clone").arguments({CLONE_FILES}).returns(2);
  SECTION("the parent is heard of first") {
    trace.apply(clone);
    trace.begin(2, ProcessCause::Fork, 1);
  }
  SECTION("the child is heard of first") {
    trace.begin(2, ProcessCause::Fork, 1);
    trace.apply(clone);
  }
  trace.in_process(2).apply(EventBuilder("close").arguments({3}));
  CHECK(trace.cookie(3) == 0);
  trace.begin(3, ProcessCause::Exec, 1, 2);
  trace.in_process(3).apply(EventBuilder("close").arguments({4}));
  CHECK(trace.cookie(4) == 101);
}

TEST_CASE("a spawned child has its parent's sockets") {
  SocketTrace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 100);
  trace.apply(EventBuilder("posix_spawn").arguments({kPointer, kPointer, kPointer}).value(0, 2));
  trace.apply(EventBuilder("close").arguments({3}));
  trace.begin(2, ProcessCause::Exec, 1);
  CHECK(trace.cookie(3, 2) == 100);
}

TEST_CASE("a program that libc started by itself has its parent's sockets too") {
  SocketTrace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 100);
  trace.socket(4, 101, SOCK_STREAM | SOCK_CLOEXEC);
  trace.begin(2, ProcessCause::Start, 1);
  CHECK(trace.cookie(3, 2) == 100);
  CHECK(trace.cookie(4, 2) == 0);
}

TEST_CASE("a socket that came by SCM_RIGHTS is found again by its cookie") {
  SocketTrace trace;
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

TEST_CASE("a process that ended is forgotten, its sockets live on in others") {
  SocketTrace trace;
  trace.begin(1, ProcessCause::Start, 0);
  trace.socket(3, 100);
  trace.begin(2, ProcessCause::Fork, 1);
  trace.table.apply({.pid = 1, .process = 1, .what = ProcessEndEvent{}});
  CHECK(trace.cookie(3, 1) == 0);
  CHECK(trace.cookie(3, 2) == 100);
}

TEST_CASE("thousands of sockets that come and go leave the living one alone") {
  SocketTrace trace;
  trace.socket(3, 1);
  trace.move(send(3, 5));
  for (uint64_t cookie = 2; cookie < 20000; ++cookie) trace.socket(4, cookie);
  CHECK(trace.move(send(3, 1)) == "sent 5-6");
}

TEST_CASE("a call that waits goes on with the socket that its number named when it began") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  trace.apply(EventBuilder("close").arguments({fd}).begins(50));
  trace.socket(fd, 101);
  CHECK(trace.apply(recv(fd, 5).begins(10).lasts(90)).socket->cookie == 100);
  CHECK(trace.apply(recv(fd, 5).begins(60).lasts(90)).socket->cookie == 101);
  // The clock was set back in between: it ended before the number was closed.
  CHECK(trace.apply(recv(fd, 5).begins(10).lasts(20)).socket->cookie == 101);
}

TEST_CASE("a socket is in use while a call waits for it, though its last number is closed") {
  SocketTrace trace;
  const int fd = trace.socket(3, 100);
  const uint64_t id = trace.find(fd)->id;
  EventBuilder waits = recv(fd, 5).begins(10).serial(7).process(1, 8);
  trace.table.running(EventBuilder(waits).state(CallState::Running).event());
  trace.apply(EventBuilder("close").arguments({fd}).begins(50));
  CHECK(trace.table.in_use(id));
  CHECK(trace.table.apply(waits.event()).socket->id == id);
  CHECK_FALSE(trace.table.in_use(id));
}
