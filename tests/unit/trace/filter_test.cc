// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/filter.h"

#include <poll.h>

#include <cerrno>
#include <string>
#include <vector>

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/trace/event_builder.h"
#include "tracer/trace/call_sets.h"

using namespace wireseam;
using namespace wireseam::test;
using namespace std::string_view_literals;

namespace {

bool matches(const Filter& filter, EventBuilder call) {
  return filter.matches(call.event(), nullptr);
}

Filter with(std::initializer_list<std::string_view> expressions) {
  Filter filter;
  for (const std::string_view expression : expressions) filter.add(expression);
  return filter;
}

// Of these calls, those that the expression shows.
std::string shown(std::string_view expression) {
  std::string names;
  const Filter filter = with({expression});
  for (const std::string_view call : {"connect", "send", "sendto", "poll", "sendfile", "execve"})
    if (matches(filter, EventBuilder(call))) names += std::string(call) + " ";
  return names;
}

std::string error(std::string_view expression) {
  try {
    with({expression});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("without a filter every call is shown") {
  CHECK(matches(Filter(), EventBuilder("connect")));
  CHECK_FALSE(Filter().needs_result());
  CHECK_FALSE(Filter().needs_sockets());
}

TEST_CASE("calls are selected by name, class and regular expression") {
  CHECK(shown("trace=connect,poll") == "connect poll ");
  CHECK(shown("connect") == "connect ");
  CHECK(shown("trace=%network") == "connect send sendto sendfile ");
  CHECK(shown("trace=%net") == shown("trace=network"));
  CHECK(shown("trace=%desc") == "poll sendfile ");
  CHECK(shown("trace=%process") == "execve ");
  CHECK(shown("trace=%memory") == "");
  CHECK(shown("trace=42,sendto@64") == "connect send sendto ");
  CHECK(shown("trace=39") == "");  // getpid: a system call, but none that is traced
  CHECK(shown("trace=/^send") == "send sendto sendfile ");
  CHECK(shown("trace=all") == "connect send sendto poll sendfile execve ");
  CHECK(shown("trace=none") == "");
}

TEST_CASE("a call is selected by the name of the system call behind it, too") {
  CHECK(shown("trace=sendto") == "send sendto ");
  CHECK(shown("trace=send") == "send ");
}

TEST_CASE("an exclamation mark excludes what follows") {
  CHECK(shown("trace=!%network") == "poll execve ");
  CHECK(shown("trace=!connect,poll") == "send sendto sendfile execve ");
}

TEST_CASE("what has no meaning is refused in strace's words") {
  CHECK(error("trace=foo") == "invalid system call 'foo'");
  CHECK(error("trace=connect,foo") == "invalid system call 'foo'");
  CHECK(error("trace=!foo") == "invalid system call 'foo'");
  CHECK(error("trace=") == "invalid system call ''");
  CHECK(error("trace=%foo") == "invalid system call '%foo'");
  CHECK(error("trace=/zzz") == "invalid system call '/zzz'");
  CHECK(error("trace=/[").starts_with("regcomp: [: "));
  CHECK(error("bogus=1") == "invalid system call 'bogus=1'");
  CHECK(error("status=x") == "invalid status 'x'");
  CHECK(error("fd=x") == "invalid descriptor 'x'");
  CHECK(error("fd=-1") == "invalid descriptor '-1'");
}

TEST_CASE("a question mark allows for calls that do not exist") {
  CHECK(error("trace=?foo") == "");
  CHECK(shown("trace=?foo,connect") == "connect ");
}

TEST_CASE("every call belongs to a class") {
  Filter filter;
  filter.select_calls("%network,%desc,%process,%file");
  for (const CallInfo& call : all_calls()) {
    INFO(call.name);
    CHECK(matches(filter, EventBuilder(call.name)));
  }
}

TEST_CASE("calls are selected by how they ended") {
  const EventBuilder good = EventBuilder("connect").returns(0);
  const EventBuilder bad = EventBuilder("connect").fails(ECONNREFUSED);
  const EventBuilder cut = EventBuilder("connect").state(CallState::CutOff);
  const EventBuilder unresolved = EventBuilder("getaddrinfo").returns(-2);
  CHECK(matches(with({"status=successful"}), good));
  CHECK_FALSE(matches(with({"status=successful"}), bad));
  CHECK(matches(with({"status=failed"}), bad));
  CHECK(matches(with({"status=failed"}), unresolved));
  CHECK(matches(with({"status=!successful"}), cut));
  CHECK(matches(with({"status=unfinished,detached"}), cut));
  CHECK(with({"status=failed"}).needs_result());
}

TEST_CASE("calls are selected by the descriptors that they are given") {
  const Filter filter = with({"fd=4,5"});
  CHECK(matches(filter, EventBuilder("listen").arguments({4, 1})));
  CHECK_FALSE(matches(filter, EventBuilder("listen").arguments({3, 1})));
  CHECK(matches(filter, EventBuilder("dup2").arguments({3, 5})));
  CHECK_FALSE(matches(filter, EventBuilder("socket").arguments({2, 1, 0}).returns(4)));
  const std::vector<pollfd> fds{{3, POLLIN, 0}, {5, POLLIN, 0}};
  const std::string_view bytes(reinterpret_cast<const char*>(fds.data()), 16);
  CHECK(matches(filter, EventBuilder("poll").arguments({1, 2, 0}).blob(0, BlobPart::Value, bytes)));
  CHECK(matches(filter, EventBuilder("select").arguments({8, 1, 0, 0, 0}).before(1, uint64_t{32})));
}

TEST_CASE("calls are selected by a path, be it a program's or a socket's") {
  Filter filter;
  filter.add_path("/run/x");
  filter.add_path("@hidden");
  CHECK(filter.needs_sockets());
  CHECK(matches(filter, EventBuilder("execve").arguments({1, 1, 1}).value(0, "/run/x")));
  CHECK_FALSE(matches(filter, EventBuilder("execve").arguments({1, 1, 1}).value(0, "/run/y")));
  CHECK(matches(filter, EventBuilder("connect").arguments({3, 1, 9}).value(1, "\1\0/run/x\0"sv)));
  CHECK(matches(filter, EventBuilder("bind").arguments({3, 1, 9}).value(1, "\1\0\0hidden"sv)));
  CHECK_FALSE(
      matches(filter, EventBuilder("connect").arguments({3, 1, 9}).value(1, "\2\0/run/x"sv)));
}

TEST_CASE("calls on a socket are selected by its name") {
  Filter filter;
  filter.add_path("/run/x");
  SocketTable sockets;
  EventBuilder bound("bind");
  bound.arguments({3, kPointer, 9}).value(1, "\1\0/run/x\0"sv).returns(0);
  sockets.apply(bound.event());
  EventBuilder listened("listen");
  listened.arguments({3, 1});
  CHECK(filter.matches(listened.event(), &sockets));
  listened.arguments({4, 1});
  CHECK_FALSE(filter.matches(listened.event(), &sockets));
}
