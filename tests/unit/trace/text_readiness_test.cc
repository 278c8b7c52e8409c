// SPDX-License-Identifier: Apache-2.0
// poll, select and epoll, as strace 6.1 prints them.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/time.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <string>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/text_lines.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint64_t bit(int n) { return uint64_t{1} << n; }

EventBuilder poll_of_two(std::string_view name = "poll") {
  const pollfd fds[] = {{4, POLLOUT, POLLOUT}, {-1, POLLIN, 0}};
  return EventBuilder(name).arguments({kPointer, 2, 1000}).value(0, fds).returns(1);
}

}  // namespace

TEST_CASE("poll shows what was waited for and what became ready") {
  EventBuilder call = poll_of_two();
  CHECK(line(call) ==
        "poll([{fd=4, events=POLLOUT}, {fd=-1}], 2, 1000) = 1 ([{fd=4, revents=POLLOUT}])");
}

TEST_CASE("poll says that its time is over") {
  EventBuilder call = poll_of_two();
  call.returns(0);
  CHECK(line(call).ends_with("= 0 (Timeout)"));
  EventBuilder nothing("poll");
  nothing.arguments({0, 0, 5}).returns(0);
  CHECK(line(nothing) == "poll(NULL, 0, 5)                        = 0 (Timeout)");
}

TEST_CASE("a poll that failed shows what it was given") {
  EventBuilder call = poll_of_two();
  call.fails(EINTR);
  CHECK(line(call) ==
        "poll([{fd=4, events=POLLOUT}, {fd=-1}], 2, 1000) = -1 EINTR (Interrupted system call)");
}

TEST_CASE("ppoll has the size of its mask and the time left only as a system call") {
  EventBuilder call = poll_of_two("ppoll");
  call.arguments({kPointer, 2, kPointer, kPointer}).lasts(500'000'000);
  call.value(2, timespec{1, 5}).value(3, bit(SIGINT - 1) | bit(SIGUSR1 - 1));
  CHECK(line(call) ==
        "ppoll([{fd=4, events=POLLOUT}, {fd=-1}], 2, {tv_sec=1, tv_nsec=5}, [INT USR1]) = 1 "
        "([{fd=4, revents=POLLOUT}])");
  CHECK(line(call, as_syscall()) ==
        "ppoll([{fd=4, events=POLLOUT}, {fd=-1}], 2, {tv_sec=1, tv_nsec=5}, [INT USR1], 8) = 1 "
        "([{fd=4, revents=POLLOUT}], left {tv_sec=0, tv_nsec=500000005})");
}

TEST_CASE("of a mask of most signals the others are shown") {
  EventBuilder call = poll_of_two("ppoll");
  call.arguments({kPointer, 2, 0, kPointer});
  call.value(3, ~(bit(SIGCHLD - 1) | bit(31) | bit(33)));
  CHECK(line(call).find("NULL, ~[CHLD RTMIN RT_2])") != std::string::npos);
}

TEST_CASE("select is pselect6 to the kernel") {
  EventBuilder call("select");
  call.arguments({5, kPointer, kPointer, 0, kPointer}).returns(1);
  call.before(1, bit(3) | bit(4)).value(1, uint64_t{0}).before(2, bit(3)).value(2, bit(3));
  call.before(4, timeval{1, 0}).value(4, timeval{0, 999998});
  CHECK(line(call) ==
        "select(5, [3 4], [3], NULL, {tv_sec=1, tv_usec=0}) = 1 (out [3], left {tv_sec=0, "
        "tv_usec=999998})");
  CHECK(line(call, as_syscall()) ==
        "pselect6(5, [3 4], [3], NULL, {tv_sec=1, tv_nsec=0}, NULL) = 1 (out [3], left "
        "{tv_sec=0, tv_nsec=999998000})");
}

TEST_CASE("select shows no descriptor beyond its count, nor beyond the bytes") {
  EventBuilder call("select");
  call.arguments({4, kPointer, 0, 0, 0}).before(1, bit(3) | bit(4)).value(1, bit(3)).returns(1);
  CHECK(line(call) == "select(4, [3], NULL, NULL, NULL)        = 1 (in [3])");
  call.arguments({1 << 30, kPointer, 0, 0, 0});
  CHECK(line(call) == "select(1073741824, [3 4], NULL, NULL, NULL) = 1 (in [3])");
}

TEST_CASE("pselect hands its mask on with a size") {
  EventBuilder call("pselect");
  call.arguments({4, 0, 0, 0, 0, 0}).returns(0);
  CHECK(line(call) == "pselect(4, NULL, NULL, NULL, NULL, NULL) = 0 (Timeout)");
  CHECK(line(call, as_syscall()) ==
        "pselect6(4, NULL, NULL, NULL, NULL, {sigmask=NULL, sigsetsize=8}) = 0 (Timeout)");
}

TEST_CASE("epoll events are shown with both ways to read their data") {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  event.data.u64 = 78187493520;
  EventBuilder add("epoll_ctl");
  add.arguments({9, EPOLL_CTL_ADD, 6, kPointer}).value(3, event).returns(0);
  CHECK(line(add) ==
        "epoll_ctl(9, EPOLL_CTL_ADD, 6, {events=EPOLLIN|EPOLLRDHUP|EPOLLET, "
        "data={u32=878082192, u64=78187493520}}) = 0");
  EventBuilder remove("epoll_ctl");
  remove.arguments({9, EPOLL_CTL_DEL, 6, 0}).returns(0);
  CHECK(line(remove) == "epoll_ctl(9, EPOLL_CTL_DEL, 6, NULL)    = 0");
}

TEST_CASE("epoll_wait shows the events that came") {
  epoll_event event{};
  event.events = EPOLLOUT | 0x800000;
  event.data.u64 = 3;
  EventBuilder call("epoll_pwait");
  call.arguments({9, kPointer, 4, 0, 0}).value(1, event).returns(1);
  CHECK(line(call, as_syscall()) ==
        "epoll_pwait(9, [{events=EPOLLOUT|0x800000, data={u32=3, u64=3}}], 4, 0, NULL, 8) = 1");
  EventBuilder none("epoll_wait");
  none.arguments({9, kPointer, 4, 0}).returns(0);
  CHECK(line(none) == "epoll_wait(9, [], 4, 0)                 = 0");
  none.fails(EBADF);
  CHECK(line(none) == "epoll_wait(9, 0x7ffe1000, 4, 0)         = -1 EBADF (Bad file descriptor)");
}
