// SPDX-License-Identifier: Apache-2.0
// Socket options, fcntl and ioctl, as strace 6.1 prints them; more where we know more.
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <linux/sockios.h>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/text_lines.h"

using namespace wireseam;
using namespace wireseam::test;
using namespace std::string_view_literals;

namespace {

std::string_view bytes_of(const auto& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string trimmed(std::string text) {
  const size_t result = text.rfind("= ");
  size_t end = text.find_last_not_of(' ', result - 1);
  return text.substr(0, end + 1);
}

std::string set(int level, int name, std::string_view value, const TextOptions& options = {}) {
  EventBuilder call("setsockopt");
  call.arguments({3, level, name, kPointer, static_cast<int64_t>(value.size())});
  return trimmed(line(call.value(3, value), options));
}

std::string get(int level, int name, std::string_view value, const TextOptions& options = {}) {
  const auto size = static_cast<int>(value.size());
  EventBuilder call("getsockopt");
  call.arguments({3, level, name, kPointer, kPointer}).value(3, value);
  return trimmed(line(call.before(4, size).value(4, size), options));
}

std::string control(EventBuilder& call, const TextOptions& options = {}) {
  return line(call, options);
}

}  // namespace

TEST_CASE("an option that may have two sizes is shown in either") {
  CHECK(set(SOL_SOCKET, SO_MAX_PACING_RATE, bytes_of(4000000000u)) ==
        "setsockopt(3, SOL_SOCKET, SO_MAX_PACING_RATE, [4000000000], 4)");
  CHECK(get(SOL_SOCKET, SO_MAX_PACING_RATE, bytes_of(1ul << 40)) ==
        "getsockopt(3, SOL_SOCKET, SO_MAX_PACING_RATE, [1099511627776], [8])");
  CHECK(set(IPPROTO_IP, IP_MULTICAST_TTL, bytes_of(uint8_t{64})) ==
        "setsockopt(3, SOL_IP, IP_MULTICAST_TTL, [64], 1)");
}

TEST_CASE("an option is shown by its level, name and value") {
  CHECK(set(SOL_SOCKET, SO_REUSEADDR, bytes_of(1)) ==
        "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4)");
  CHECK(set(SOL_TCP, TCP_NODELAY, bytes_of(1)) == "setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4)");
  CHECK(set(SOL_SOCKET, SO_LINGER, bytes_of(linger{1, 5})) ==
        "setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8)");
  CHECK(get(SOL_SOCKET, SO_ERROR, bytes_of(ECONNREFUSED)) ==
        "getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4])");
  CHECK(get(SOL_SOCKET, SO_ERROR, bytes_of(0)) == "getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4])");
}

TEST_CASE("options without a name are shown by their number") {
  CHECK(set(SOL_SOCKET, 999, bytes_of(1)) ==
        "setsockopt(3, SOL_SOCKET, 0x3e7 /* SO_??? */, [1], 4)");
  CHECK(set(12345, 1, bytes_of(1)) == "setsockopt(3, 0x3039 /* SOL_?? */, 1, [1], 4)");
}

TEST_CASE("a time-out is a time in our view and bytes in that of strace 6.1") {
  const timeval time{2, 500000};
  CHECK(set(SOL_SOCKET, SO_RCVTIMEO, bytes_of(time)) ==
        "setsockopt(3, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=2, tv_usec=500000}, 16)");
  CHECK(set(SOL_SOCKET, SO_RCVTIMEO, bytes_of(time), as_syscall()) ==
        R"(setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\2\0\0\0\0\0\0\0 \241\7\0\0\0\0\0", 16))");
}

TEST_CASE("a value that is too short for its option is shown as strace does") {
  CHECK(set(SOL_SOCKET, SO_REUSEADDR, "\1") ==
        "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, 0x7ffe1000, 1)");
  CHECK(set(SOL_SOCKET, SO_LINGER, bytes_of(1)) ==
        "setsockopt(3, SOL_SOCKET, SO_LINGER, 0x7ffe1000, 4)");
  CHECK(get(SOL_SOCKET, SO_SNDBUF, "\0\36"sv) ==
        R"(getsockopt(3, SOL_SOCKET, SO_SNDBUF, "\x00\x1e", [2]))");
  EventBuilder call("getsockopt");  // of which no more is shown than there was room for
  call.arguments({3, SOL_SOCKET, SO_ERROR, kPointer, kPointer}).value(3, bytes_of(ECONNREFUSED));
  CHECK(trimmed(line(call.before(4, 2).value(4, 4))) ==
        R"(getsockopt(3, SOL_SOCKET, SO_ERROR, "\x6f\x00\x00\x00", [2 => 4]))");
  CHECK(get(SOL_SOCKET, SO_SNDBUF, "") == "getsockopt(3, SOL_SOCKET, SO_SNDBUF, 0x7ffe1000, [0])");
}

TEST_CASE("a group is shown by its addresses") {
  const ip_mreq group{{htonl(0xe0000105)}, {htonl(INADDR_LOOPBACK)}};
  CHECK(set(SOL_IP, IP_ADD_MEMBERSHIP, bytes_of(group)) ==
        "setsockopt(3, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr(\"224.0.1.5\"), "
        "imr_interface=inet_addr(\"127.0.0.1\")}, 8)");
}

TEST_CASE("TCP_INFO is decoded in our view, as far as the kernel gave it") {
  std::string info(104, '\0');
  info[0] = TCP_ESTABLISHED;
  info[5] = TCPI_OPT_SACK | TCPI_OPT_WSCALE;
  info[6] = 0x57;
  const std::string text = get(SOL_TCP, TCP_INFO, info);
  CHECK(text.find("{tcpi_state=TCP_ESTABLISHED, tcpi_ca_state=TCP_CA_Open") != text.npos);
  CHECK(text.find("tcpi_options=TCPI_OPT_SACK|TCPI_OPT_WSCALE") != text.npos);
  CHECK(text.find("tcpi_snd_wscale=7, tcpi_rcv_wscale=5") != text.npos);
  CHECK(text.find("tcpi_bytes_acked") == text.npos);
  CHECK(get(SOL_TCP, TCP_INFO, info, as_syscall()).find("tcpi_") == std::string::npos);
  CHECK(get(SOL_TCP, TCP_INFO, "\1\2") == R"(getsockopt(3, SOL_TCP, TCP_INFO, "\x01\x02", [2]))");
}

TEST_CASE("an option that could not be read is shown as pointers") {
  EventBuilder call("getsockopt");
  call.arguments({3, SOL_SOCKET, SO_TYPE, kPointer, 0}).fails(EFAULT);
  CHECK(line(call) ==
        "getsockopt(3, SOL_SOCKET, SO_TYPE, 0x7ffe1000, NULL) = -1 EFAULT (Bad address)");
}

TEST_CASE("fcntl shows flags with their names") {
  EventBuilder get_flags("fcntl");
  get_flags.arguments({3, F_GETFL, 0}).returns(O_RDWR | O_NONBLOCK);
  CHECK(control(get_flags) ==
        "fcntl(3, F_GETFL)                       = 0x802 (flags O_RDWR|O_NONBLOCK)");
  EventBuilder set_flags("fcntl");
  set_flags.arguments({3, F_SETFL, O_NONBLOCK}).returns(0);
  CHECK(control(set_flags) == "fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK)  = 0");
  EventBuilder keep("fcntl");
  keep.arguments({3, F_GETFD, 0}).returns(FD_CLOEXEC);
  CHECK(control(keep) == "fcntl(3, F_GETFD)                       = 0x1 (flags FD_CLOEXEC)");
  EventBuilder unknown("fcntl");
  unknown.arguments({3, 9999, 5}).fails(EINVAL);
  CHECK(control(unknown) ==
        "fcntl(3, 0x270f /* F_??? */, 0x5)       = -1 EINVAL (Invalid argument)");
}

TEST_CASE("glibc asks for an owner in its own way") {
  EventBuilder call("fcntl");
  call.arguments({3, F_GETOWN, 0}).returns(-12);
  CHECK(line(call) == "fcntl(3, F_GETOWN)                      = -12");
  CHECK(line(call, as_syscall()) == "fcntl(3, F_GETOWN_EX, {type=F_OWNER_PGRP, pid=12}) = 0");
}

TEST_CASE("a socket without an owner has thread 0 for one, as the kernel tells it") {
  EventBuilder call("fcntl");
  call.arguments({3, F_GETOWN, 0}).returns(0);
  CHECK(line(call, as_syscall()) == "fcntl(3, F_GETOWN_EX, {type=F_OWNER_TID, pid=0}) = 0");
}

TEST_CASE("ioctl shows what its request is about") {
  EventBuilder bytes("ioctl");
  bytes.arguments({3, FIONREAD, kPointer}).value(2, 5).returns(0);
  CHECK(control(bytes) == "ioctl(3, FIONREAD, [5])                 = 0");
  ifreq interface {};
  std::strcpy(interface.ifr_name, "lo");
  interface.ifr_flags = IFF_UP | IFF_LOOPBACK;
  EventBuilder flags("ioctl");
  flags.arguments({3, SIOCGIFFLAGS, kPointer}).value(2, interface).returns(0);
  CHECK(control(flags) ==
        "ioctl(3, SIOCGIFFLAGS, {ifr_name=\"lo\", ifr_flags=IFF_UP|IFF_LOOPBACK}) = 0");
  EventBuilder failed("ioctl");
  failed.arguments({3, SIOCGIFFLAGS, kPointer}).value(2, interface).fails(ENODEV);
  CHECK(control(failed) ==
        "ioctl(3, SIOCGIFFLAGS, {ifr_name=\"lo\"}) = -1 ENODEV (No such device)");
  EventBuilder unknown("ioctl");
  unknown.arguments({3, 0x12345678, 5}).fails(ENOTTY);
  CHECK(control(unknown) ==
        "ioctl(3, _IOC(_IOC_NONE, 0x56, 0x78, 0x1234), 0x5) = -1 ENOTTY (Inappropriate ioctl "
        "for device)");
}
