// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text_printer.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/text_lines.h"

using namespace wireseam;
using namespace wireseam::test;
using namespace std::string_view_literals;

namespace {

Event process_event(uint32_t tid, auto what) {
  Event event;
  event.pid = event.tid = tid;
  event.what = what;
  return event;
}

EventBuilder accepting(uint32_t tid, CallState state) {
  EventBuilder call("accept");
  call.thread(tid).serial(7).begins(1000).state(state).arguments({3, 0, 0}).returns(4);
  if (state == CallState::Returned) call.lasts(1000);
  return call;
}

}  // namespace

TEST_CASE("a call is a line with its result in column 40") {
  EventBuilder call("listen");
  call.arguments({3, 5}).returns(0);
  CHECK(line(call) == "listen(3, 5)                            = 0");
}

TEST_CASE("a failure is shown with the name and the text of its errno") {
  EventBuilder call("connect");
  call.arguments({4, 8, 16}).unreadable(1).fails(EFAULT);
  CHECK(line(call) == "connect(4, 0x8, 16)                     = -1 EFAULT (Bad address)");
}

TEST_CASE("an errno that nobody knows is shown by its number") {
  EventBuilder call("listen");
  call.arguments({4, 1}).fails(4000);
  CHECK(line(call) == "listen(4, 1)                            = -1 (errno 4000)");
}

TEST_CASE("the view of system calls shows the call that libc makes") {
  EventBuilder call("send");
  call.arguments({4, kPointer, 5, MSG_NOSIGNAL}).value(1, "hello").returns(5);
  CHECK(line(call) == "send(4, \"hello\", 5, MSG_NOSIGNAL)       = 5");
  CHECK(line(call, as_syscall()) == "sendto(4, \"hello\", 5, MSG_NOSIGNAL, NULL, 0) = 5");
}

TEST_CASE("the view of system calls leaves out what is none") {
  EventBuilder call("gethostbyname");
  call.arguments({kPointer}).value(0, "localhost");
  CHECK(line(call, as_syscall()).empty());
}

TEST_CASE("a call that this version does not know is shown by its number") {
  EventBuilder call("listen");
  Event event = call.event();
  auto& unknown = std::get<CallEvent>(event.what);
  unknown.number = static_cast<CallNumber>(9999);
  unknown.info = nullptr;
  unknown.arguments = {1, 2, 0, 0, 0, 0xff};
  TextPrinter printer({});
  printer.event(event);
  printer.idle();
  CHECK(printer.text() == "call9999(0x1, 0x2, 0, 0, 0, 0xff)       = 0\n");
}

TEST_CASE("parameter names are shown where they are asked for") {
  TextOptions options;
  options.parameter_names = true;
  EventBuilder call("shutdown");
  call.arguments({3, 1}).returns(0);
  CHECK(line(call, options) == "shutdown(sockfd=3, how=SHUT_WR)         = 0");
}

TEST_CASE("a call that returns before anything else happens has an uncut line") {
  EventBuilder running = accepting(10, CallState::Running);
  EventBuilder returned = accepting(10, CallState::Returned);
  TextPrinter printer({});
  printer.running(running.event());
  printer.event(returned.event());
  printer.idle();
  CHECK(printer.text() == "accept(3, NULL, NULL)                   = 4\n");
}

TEST_CASE("a call that another one comes into is cut and resumed") {
  EventBuilder running = accepting(10, CallState::Running);
  running.arguments({3, kPointer, kPointer});
  EventBuilder returned = accepting(10, CallState::Returned);
  returned.arguments({3, kPointer, kPointer}).value(1, "\1\0"sv).before(2, 110).value(2, 2);
  EventBuilder other("listen");
  other.thread(11).begins(1500).lasts(100).arguments({5, 1}).returns(0);
  TextPrinter printer({});
  printer.running(running.event());
  printer.event(other.event());
  printer.event(returned.event());
  printer.idle();
  CHECK(printer.text() ==
        "[pid    10] accept(3,  <unfinished ...>\n"
        "[pid    11] listen(5, 1)                = 0\n"
        "[pid    10] <... accept resumed>{sa_family=AF_UNIX}, [110 => 2]) = 4\n");
}

TEST_CASE("on a terminal a running call is shown when there is nothing else to show") {
  TextOptions options;
  options.show_running_after_ns = 0;
  EventBuilder running("recv");
  running.serial(1).state(CallState::Running).arguments({3, kPointer, 100, 0});
  EventBuilder returned("recv");
  returned.serial(1).arguments({3, kPointer, 100, 0}).value(1, "hi").returns(2);
  TextPrinter printer(options);
  printer.running(running.event());
  CHECK(printer.text().empty());
  printer.idle();
  CHECK(printer.text() == "recv(3, ");
  printer.clear();
  printer.event(returned.event());
  printer.idle();
  CHECK(printer.text() == "\"hi\", 100, 0)                   = 2\n");
}

TEST_CASE(
    "elsewhere a call that waits is shown when it has waited long, as one that is unfinished") {
  TextOptions options;
  options.show_running_after_ns = 1'000'000'000;
  EventBuilder running("recv");
  running.serial(1).state(CallState::Running).arguments({3, kPointer, 100, 0});
  EventBuilder returned("recv");
  returned.serial(1).arguments({3, kPointer, 100, 0}).value(1, "hi").returns(2);
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  EventBuilder young("accept");
  young.serial(2).state(CallState::Running).arguments({4, kPointer, kPointer});
  young.begins(static_cast<uint64_t>(now.tv_sec) * 1'000'000'000);
  TextPrinter printer(options);
  printer.running(running.event());
  printer.running(young.event());
  printer.idle();
  printer.idle();
  CHECK(printer.text() == "recv(3,  <unfinished ...>\n");
  printer.clear();
  printer.event(returned.event());
  printer.idle();
  CHECK(printer.text() == "<... recv resumed>\"hi\", 100, 0)         = 2\n");
}

TEST_CASE("what a running call reads is shown when it is known") {
  EventBuilder running("connect");
  running.serial(1).begins(1000).state(CallState::Running).arguments({3, kPointer, 2});
  EventBuilder returned("connect");
  returned.serial(1)
      .begins(1000)
      .lasts(1000)
      .arguments({3, kPointer, 2})
      .value(1, "\1\0"sv)
      .returns(0);
  EventBuilder other("listen");
  other.thread(11).begins(1500).lasts(100).arguments({5, 1}).returns(0);
  TextOptions options;
  options.thread_prefix = ThreadPrefix::None;
  TextPrinter printer(options);
  printer.running(running.event());
  printer.event(other.event());
  printer.event(returned.event());
  printer.idle();
  CHECK(printer.text() ==
        "connect(3,  <unfinished ...>\n"
        "listen(5, 1)                            = 0\n"
        "<... connect resumed>{sa_family=AF_UNIX}, 2) = 0\n");
}

TEST_CASE("a call that its thread did not survive has no result") {
  EventBuilder call("accept");
  call.state(CallState::CutOff).arguments({3, kPointer, kPointer});
  CHECK(line(call) == "accept(3,  <unfinished ...>)            = ?");
  EventBuilder known("listen");
  known.state(CallState::CutOff).arguments({3, 1});
  CHECK(line(known) == "listen(3, 1)                            = ?");
}

TEST_CASE("exit is one line, behind all that its process did meanwhile") {
  EventBuilder leaving("exit");
  leaving.thread(10).begins(1000).state(CallState::Running).arguments({3});
  EventBuilder handlers("close");
  handlers.thread(10).begins(2000).lasts(10).arguments({4}).returns(0);
  TextPrinter printer({});
  printer.running(leaving.event());
  printer.idle();
  printer.event(handlers.event());
  leaving.state(CallState::CutOff);
  printer.event(leaving.event());
  printer.finish();
  CHECK(printer.text() ==
        "close(4)                                = 0\n"
        "exit(3)                                 = ?\n");
}

TEST_CASE("an exec that did not return has succeeded") {
  EventBuilder call("execve");
  call.state(CallState::CutOff).arguments({kPointer, kPointer, kPointer});
  call.value(0, "/bin/true").value(1, "true", 0).value(2, uint32_t{1});
  CHECK(line(call) == "execve(\"/bin/true\", [\"true\"], 0x7ffe1000 /* 1 var */) = 0");
}

TEST_CASE("what a filter leaves out is not shown") {
  Filter filter;
  filter.add("status=failed");
  EventBuilder running = accepting(10, CallState::Running);
  EventBuilder returned = accepting(10, CallState::Returned);
  EventBuilder failed("listen");
  failed.thread(10).begins(3000).arguments({3, 1}).fails(EBADF);
  TextPrinter printer({}, filter);
  printer.running(running.event());
  printer.event(returned.event());
  printer.event(failed.event());
  printer.finish();
  CHECK(printer.text() ==
        "listen(3, 1)                            = -1 EBADF (Bad file descriptor)\n");
}

TEST_CASE("the end of a process is shown as strace shows it") {
  TextPrinter printer({});
  printer.event(process_event(5, ProcessEndEvent{.status = 3 << 8}));
  printer.event(process_event(5, ProcessEndEvent{.status = 9}));
  printer.event(process_event(5, ProcessEndEvent{.status = 11 | 0x80}));
  printer.idle();
  CHECK(printer.text() ==
        "+++ exited with 3 +++\n"
        "+++ killed by SIGKILL +++\n"
        "+++ killed by SIGSEGV (core dumped) +++\n");
}

TEST_CASE("calls that were lost are counted in a line of their own") {
  TextPrinter printer({});
  printer.event(process_event(5, LostEvent{.count = 3}));
  printer.event(process_event(5, LostEvent{.count = 3}));
  printer.event(process_event(5, LostEvent{.count = 5}));
  printer.idle();
  CHECK(printer.text() == "+++ 3 calls lost +++\n+++ 2 calls lost +++\n");
}

TEST_CASE("damage is told though nobody knows how many calls were lost") {
  TextPrinter printer({});
  printer.event(process_event(5, LostEvent{.count = 0, .cause = LostCause::Damage}));
  printer.idle();
  CHECK(printer.text() == "+++ the traced program damaged the trace +++\n");
}

TEST_CASE("a socket whose calls are not seen is told once, by its ends") {
  const sockaddr_in local{AF_INET, htons(5000), {htonl(INADDR_LOOPBACK)}, {}};
  UnseenSocketEvent socket;
  socket.identity.type = SOCK_STREAM;
  socket.identity.local_size = sizeof local;
  std::memcpy(socket.identity.local, &local, sizeof local);
  TextPrinter printer({});
  printer.event(process_event(5, socket));
  socket.until_ns = 9;
  printer.event(process_event(5, socket));
  printer.idle();
  CHECK(printer.text() == "+++ has TCP 127.0.0.1:5000, and its calls are not seen +++\n");
}

TEST_CASE("in a file every line names its thread") {
  TextOptions options;
  options.thread_prefix = ThreadPrefix::Always;
  EventBuilder call("listen");
  call.thread(42).arguments({3, 5}).returns(0);
  CHECK(line(call, options) == "42    listen(3, 5)                      = 0");
}

TEST_CASE("times are shown as -tt, -ttt, -r and -T have them") {
  EventBuilder call("listen");
  call.begins(1700000000'123456789).lasts(1'000'123'999).arguments({3, 5}).returns(0);
  TextOptions options;
  options.time_of_day = TimeOfDay::Epoch;
  options.time_digits = 6;
  options.durations = true;
  CHECK(line(call, options) == "1700000000.123456 listen(3, 5)          = 0 <1.000123>");
  options.relative_time = true;
  CHECK(line(call, options) == "1700000000.123456 (+     0.000000) listen(3, 5) = 0 <1.000123>");
}

TEST_CASE("the time between lines is shown by -r") {
  TextOptions options;
  options.relative_time = true;
  options.result_column = 0;
  EventBuilder call("listen");
  call.arguments({3, 5}).returns(0);
  TextPrinter printer(options);
  printer.event(call.begins(10'000'000'000).event());
  printer.event(call.begins(12'000'456'000).event());
  printer.idle();
  CHECK(printer.text() == "     0.000000 listen(3, 5) = 0\n     2.000456 listen(3, 5) = 0\n");
}

TEST_CASE("-n shows the number of the system call, on each line of it") {
  TextOptions options;
  options.syscall_numbers = true;
  options.thread_prefix = ThreadPrefix::None;
  EventBuilder call("send");
  call.arguments({4, 0, 0, 0}).returns(0);
  CHECK(line(call, options) == "[  44] send(4, NULL, 0, 0)              = 0");
  EventBuilder none("gethostbyname");
  none.arguments({0}).returns(0);
  CHECK(line(none, options).starts_with("[????] gethostbyname("));
}

TEST_CASE("colours do not move the result") {
  TextOptions options;
  options.color = true;
  EventBuilder call("listen");
  call.arguments({3, 5}).returns(0);
  CHECK(line(call, options) == "\x1b[1mlisten\x1b[0m(3, 5)                            = 0");
}
