// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/summary.h"

#include <sys/socket.h>

#include <cerrno>
#include <sstream>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/event_builder.h"
#include "tests/unit/trace/loopback.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint64_t kSecond = 1'000'000'000;

EventBuilder socket_call(int fd) {
  return EventBuilder("socket").arguments({AF_INET, SOCK_STREAM, 0}).returns(fd).lasts(2000);
}

EventBuilder send_call(int fd, int64_t bytes, uint64_t start) {
  return EventBuilder("send")
      .arguments({fd, kPointer, bytes, 0})
      .returns(bytes)
      .begins(start)
      .lasts(1000);
}

EventBuilder connect_call(int fd, uint16_t port) {
  return EventBuilder("connect").arguments({fd, kPointer, 16}).value(1, loopback(port));
}

Event begin_event(std::string_view name) {
  return {.pid = 1000,
          .tid = 1000,
          .process = 1,
          .what = ProcessBeginEvent{.cause = ProcessCause::Start, .name = name}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The first words of the rows between the first table's rules are its last column.
std::vector<std::string> call_names(const Summary& summary) {
  std::vector<std::string> names;
  const auto lines = lines_of(summary.report());
  for (size_t i = 2; i < lines.size() && !lines[i].starts_with("---"); ++i)
    names.push_back(lines[i].substr(lines[i].rfind(' ') + 1));
  return names;
}

std::vector<std::string> sorted_by(SummaryColumn column) {
  Summary summary({.sort = column});
  summary.event(socket_call(3).event());
  for (int i = 0; i < 3; ++i) summary.event(send_call(3, 10, 0).event());
  summary.event(EventBuilder("recv").arguments({3}).fails(EAGAIN).lasts(2500).event());
  return call_names(summary);
}

}  // namespace

TEST_CASE("a summary counts each call's times, errors and bytes") {
  Summary summary({});
  summary.event(socket_call(3).event());
  summary.event(send_call(3, 100, 0).event());
  summary.event(send_call(3, 50, 0).lasts(3000).event());
  summary.event(send_call(3, 1, 0).fails(EPIPE).lasts(4000).event());
  const auto lines = lines_of(summary.report());
  CHECK(lines[0] ==
        "% time     seconds  usecs/call   p50 usecs   p99 usecs   max usecs     calls    errors   "
        "     bytes call");
  CHECK(lines[2] ==
        " 80.00    0.000008         2.7         3.0         4.0         4.0         3         1   "
        "       150 send");
  CHECK(lines[3] ==
        " 20.00    0.000002         2.0         2.0         2.0         2.0         1             "
        "           socket");
  CHECK(lines[5] ==
        "100.00    0.000010         2.5         2.0         4.0         4.0         4         1   "
        "       150 total");
}

TEST_CASE("rows are sorted by any column, names upwards and numbers downwards") {
  using Names = std::vector<std::string>;
  CHECK(sorted_by(SummaryColumn::Total) == Names{"send", "recv", "socket"});
  CHECK(sorted_by(SummaryColumn::Mean) == Names{"recv", "socket", "send"});
  CHECK(sorted_by(SummaryColumn::Median) == Names{"recv", "socket", "send"});
  CHECK(sorted_by(SummaryColumn::P99) == Names{"recv", "socket", "send"});
  CHECK(sorted_by(SummaryColumn::Max) == Names{"recv", "socket", "send"});
  CHECK(sorted_by(SummaryColumn::Calls) == Names{"send", "socket", "recv"});
  CHECK(sorted_by(SummaryColumn::Errors) == Names{"recv", "socket", "send"});
  CHECK(sorted_by(SummaryColumn::Bytes) == Names{"send", "socket", "recv"});
  CHECK(sorted_by(SummaryColumn::Name) == Names{"recv", "send", "socket"});
  CHECK(sorted_by(SummaryColumn::None) == Names{"socket", "send", "recv"});
}

TEST_CASE("columns have the names that strace's -S knows, and no others") {
  CHECK(summary_column("time") == SummaryColumn::Total);
  CHECK(summary_column("avg_time") == SummaryColumn::Mean);
  CHECK(summary_column("syscall") == SummaryColumn::Name);
  CHECK(summary_column("p99") == SummaryColumn::P99);
  CHECK_FALSE(summary_column("colour").has_value());
}

TEST_CASE("the view of system calls counts them by their names") {
  Summary summary({.view = View::Syscall});
  summary.event(send_call(3, 1, 0).event());
  summary.event(EventBuilder("sendto").event());
  summary.event(EventBuilder("getaddrinfo").event());
  CHECK(call_names(summary) == std::vector<std::string>{"sendto"});
}

TEST_CASE("each connection of a process has a row of its calls, bytes and times") {
  Summary summary({});
  summary.event(
      begin_event("cli\x1b"
                  "ent"));
  summary.event(socket_call(3).begins(kSecond).event());
  summary.event(connect_call(3, 80).begins(2 * kSecond).event());
  summary.event(send_call(3, 100, 3 * kSecond).lasts(kSecond / 2).event());
  summary.event(EventBuilder("listen").arguments({4, 5}).begins(3 * kSecond).event());
  const auto lines = lines_of(summary.report());
  REQUIRE(lines.size() >= 4);
  CHECK(lines[lines.size() - 3] ==
        "    first s      last s     calls         sent     received connection");
  CHECK(lines.back() ==
        "   0.000000    2.500000         3          100            0 "
        "TCP - -> 127.0.0.1:80  cli?ent[1000]");
}

TEST_CASE("a trace without connections has no table of them") {
  Summary summary({});
  summary.event(EventBuilder("epoll_create1").returns(3).event());
  CHECK(summary.report().find("connection") == std::string::npos);
}

TEST_CASE("of very many connections the quiet ones share a row") {
  Summary summary({});
  const int64_t connections = 20000;
  for (int64_t i = 0; i < connections; ++i) {
    const auto start = static_cast<uint64_t>(i) * 1000;
    summary.event(socket_call(3).begins(start).event());
    summary.event(send_call(3, 1, start).event());
  }
  const std::string report = summary.report();
  const auto lines = lines_of(report);
  CHECK(lines.size() < 8300);
  CHECK(lines.back().find("others, quiet for longer") != std::string::npos);
  uint64_t sent = 0;
  for (size_t i = 9; i < lines.size(); ++i) sent += std::stoull(lines[i].substr(34, 12));
  CHECK(sent == connections);
}

TEST_CASE("calls that never returned and calls that were lost are told apart") {
  Summary summary({});
  summary.event(EventBuilder("accept").arguments({3, 0, 0}).state(CallState::CutOff).event());
  summary.event(EventBuilder("exit").state(CallState::CutOff).event());
  summary.event({.what = LostEvent{7}});
  const std::string report = summary.report();
  CHECK(report.find("\n1 calls never returned\n") != std::string::npos);
  CHECK(report.find("\n7 calls could not be recorded and are missing\n") != std::string::npos);
}

TEST_CASE("only what the filter lets through is counted") {
  Summary summary({}, [](const Event& event) { return event.time_ns > 0; });
  summary.event(socket_call(3).event());
  summary.event(send_call(3, 5, kSecond).event());
  CHECK(call_names(summary) == std::vector<std::string>{"send"});
}
