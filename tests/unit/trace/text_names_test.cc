// SPDX-License-Identifier: Apache-2.0
// What strace doesn't know, in its manner: names, programs, and what a descriptor's socket is.
#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/loopback.h"
#include "tests/unit/trace/text_lines.h"

using namespace wireseam;
using namespace wireseam::test;
using namespace std::string_view_literals;

namespace {

SocketIdentity identity(int fd, int domain, int type) {
  SocketIdentity value{};
  value.fd = fd;
  value.domain = domain;
  value.type = type;
  value.inode = 77;
  return value;
}

void name(SocketIdentity& socket, uint16_t local, uint16_t peer) {
  const sockaddr_in own = loopback(local);
  const sockaddr_in other = loopback(peer);
  std::memcpy(socket.local, &own, sizeof own);
  socket.local_size = sizeof own;
  std::memcpy(socket.peer, &other, sizeof other);
  socket.peer_size = sizeof other;
}

std::string printed(std::initializer_list<EventBuilder*> calls, const TextOptions& options) {
  TextPrinter printer(options);
  uint64_t time = 1000;
  for (EventBuilder* call : calls) printer.event(call->begins(time += 1000).event());
  printer.finish();
  return std::string(printer.text());
}

TextOptions with(DescriptorDetail detail) {
  TextOptions options;
  options.descriptors = detail;
  options.result_column = 0;
  return options;
}

}  // namespace

TEST_CASE("getaddrinfo shows what it was asked and what it found") {
  EventBuilder call("getaddrinfo");
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  call.arguments({kPointer, kPointer, kPointer, kPointer}).value(0, "localhost").value(1, "80");
  call.value(2, hints).value(3, "\0\0\0\0\2\0\0\0\1\0\0\0\6\0\0\0\1\0"sv).returns(0);
  CHECK(line(call) ==
        "getaddrinfo(\"localhost\", \"80\", {ai_flags=AI_PASSIVE, ai_family=AF_UNSPEC, "
        "ai_socktype=SOCK_STREAM, ai_protocol=IPPROTO_IP}, [{ai_flags=0, ai_family=AF_INET, "
        "ai_socktype=SOCK_STREAM, ai_protocol=IPPROTO_TCP, ai_addr={sa_family=AF_UNIX}}]) = 0");
}

TEST_CASE("a name that was not found has getaddrinfo's own error") {
  EventBuilder call("getaddrinfo");
  call.arguments({kPointer, 0, 0, kPointer}).value(0, "nope").returns(EAI_NONAME);
  CHECK(line(call) ==
        "getaddrinfo(\"nope\", NULL, NULL, 0x7ffe1000) = -2 EAI_NONAME (Name or service not "
        "known)");
}

TEST_CASE("gethostbyname shows the addresses that it found") {
  EventBuilder call("gethostbyname");
  call.arguments({kPointer}).value(0, "localhost").returns(0x5000);
  call.part(0, BlobPart::Name, "\x7f\0\0\1"sv);
  CHECK(line(call) ==
        "gethostbyname(\"localhost\")              = 0x5000 ([inet_addr(\"127.0.0.1\")])");
}

TEST_CASE("a program that is started is shown with its arguments") {
  EventBuilder call("posix_spawn");
  call.arguments({kPointer, kPointer, kPointer}).value(0, 1234).value(1, "/bin/ls").returns(0);
  call.value(2, "ls", 0).value(2, "-l", 1);
  CHECK(line(call) == "posix_spawn([1234], \"/bin/ls\", [\"ls\", \"-l\"]) = 0");
  call.returns(ENOENT);
  CHECK(line(call).ends_with("= 2 ENOENT (No such file or directory)"));
}

TEST_CASE("closefrom is close_range to the kernel") {
  EventBuilder call("closefrom");
  call.arguments({3});
  CHECK(line(call) == "closefrom(3)                            = ?");
  CHECK(line(call, as_syscall()) == "close_range(3, 4294967295, 0)           = 0");
}

TEST_CASE("exit does not return") {
  EventBuilder call("exit");
  call.arguments({3}).state(CallState::CutOff);
  CHECK(line(call) == "exit(3)                                 = ?");
  CHECK(line(call, as_syscall()) == "exit_group(3)                           = ?");
}

TEST_CASE("a pointer that is NULL has failed") {
  EventBuilder call("fdopen");
  call.arguments({3, kPointer}).value(1, "r+").fails(EBADF).returns(0);
  CHECK(line(call) ==
        "fdopen(3, \"r+\")                         = NULL EBADF (Bad file descriptor)");
}

TEST_CASE("a descriptor is shown with its socket, before and after the call") {
  SocketIdentity made = identity(3, AF_INET, SOCK_STREAM);
  EventBuilder socket("socket");
  socket.arguments({AF_INET, SOCK_STREAM, 0}).returns(3).part(0, BlobPart::Identity, made);
  name(made, 4000, 80);
  EventBuilder connect("connect");
  connect.arguments({3, 0, 16}).returns(0).part(0, BlobPart::Identity, made);
  EventBuilder close("close");
  close.arguments({3}).returns(0);
  CHECK(printed({&socket, &connect, &close}, with(DescriptorDetail::Address)) ==
        "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[77]>\n"
        "connect(3<TCP:[77]>, NULL, 16) = 0\n"
        "close(3<TCP:[127.0.0.1:4000->127.0.0.1:80]>) = 0\n");
  CHECK(printed({&socket, &close}, with(DescriptorDetail::Socket)) ==
        "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[77]>\n"
        "close(3<socket:[77]>) = 0\n");
}

TEST_CASE("a UNIX socket is shown by its inode, its pair's and its path") {
  EventBuilder pair("socketpair");
  const int fds[] = {3, 4};
  SocketIdentity other = identity(4, AF_UNIX, SOCK_STREAM);
  other.inode = 78;
  pair.arguments({AF_UNIX, SOCK_STREAM, 0, kPointer}).value(3, fds).returns(0);
  pair.part(0, BlobPart::Identity, identity(3, AF_UNIX, SOCK_STREAM));
  pair.part(0, BlobPart::Identity, other);
  EventBuilder bind("bind");
  bind.arguments({4, kPointer, 6}).value(1, "\1\0/a\n"sv).returns(0);
  EventBuilder close("close");
  close.arguments({4}).returns(0);
  CHECK(printed({&pair, &bind, &close}, with(DescriptorDetail::Address)) ==
        "socketpair(AF_UNIX, SOCK_STREAM, 0, [3<UNIX-STREAM:[77->78]>, "
        "4<UNIX-STREAM:[78->77]>]) = 0\n"
        "bind(4<UNIX-STREAM:[78->77]>, {sa_family=AF_UNIX, sun_path=\"/a\\n\"}, 6) = 0\n"
        "close(4<UNIX-STREAM:[78->77,\"/a\\n\"]>) = 0\n");
}

TEST_CASE("a descriptor of which nothing is known is a number") {
  EventBuilder close("close");
  close.arguments({9}).returns(0);
  CHECK(printed({&close}, with(DescriptorDetail::Address)).find('>') == std::string::npos);
}
