// SPDX-License-Identifier: Apache-2.0
// Addresses and what a call moves, as strace 6.1 prints them.
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include <linux/if_ether.h>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/text_lines.h"

using namespace wireseam;
using namespace wireseam::test;
using namespace std::string_view_literals;

namespace {

// What a bind to these bytes shows for the address.
std::string address(std::string_view bytes, const TextOptions& options = {}) {
  EventBuilder call("bind");
  call.arguments({3, kPointer, static_cast<int64_t>(bytes.size())}).value(1, bytes);
  const std::string text = line(call, options);
  const std::string end = ", " + std::to_string(bytes.size()) + ")";
  return text.substr(8, text.rfind(end) - 8);
}

template <typename Address>
std::string address_of(const Address& value, size_t size = sizeof(Address)) {
  return address({reinterpret_cast<const char*>(&value), size});
}

// What a send of these bytes shows for them.
std::string sent(std::string_view bytes, const TextOptions& options = {}) {
  EventBuilder call("send");
  call.arguments({3, kPointer, static_cast<int64_t>(bytes.size()), 0}).value(1, bytes).returns(1);
  const std::string text = line(call, options);
  const std::string end = ", " + std::to_string(bytes.size()) + ", 0)";
  return text.substr(8, text.rfind(end) - 8);
}

sockaddr_in6 inet6(uint8_t first) {
  sockaddr_in6 value{};
  value.sin6_family = AF_INET6;
  value.sin6_port = htons(8080);
  value.sin6_addr.s6_addr[0] = first;
  value.sin6_addr.s6_addr[15] = 1;
  value.sin6_scope_id = 2;
  return value;
}

}  // namespace

TEST_CASE("an internet address is shown with the calls that make it") {
  CHECK(address("\2\0\x1f\x90\x7f\0\0\1\0\0\0\0\0\0\0\0"sv) ==
        R"({sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")})");
  CHECK(address_of(inet6(0)) ==
        R"({sa_family=AF_INET6, sin6_port=htons(8080), sin6_flowinfo=htonl(0), )"
        R"(inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=2})");
}

TEST_CASE("an IPv6 address without a scope is shown without one") {
  CHECK(address_of(inet6(0), 24) ==
        R"({sa_family=AF_INET6, sin6_port=htons(8080), sin6_flowinfo=htonl(0), )"
        R"(inet_pton(AF_INET6, "::1", &sin6_addr)})");
}

TEST_CASE("a scope is an interface by its name where that is known") {
  sockaddr_in6 local = inet6(0xfe);
  local.sin6_addr.s6_addr[1] = 0x80;
  TextOptions options;
  options.interfaces = {{2, "eth0"}};
  const std::string_view bytes(reinterpret_cast<const char*>(&local), sizeof local);
  CHECK(address(bytes, options).ends_with("sin6_scope_id=if_nametoindex(\"eth0\")}"));
  CHECK(address(bytes).ends_with("sin6_scope_id=2}"));
}

TEST_CASE("a UNIX address is a path, a name, or nothing") {
  CHECK(address("\1\0/tmp/a\tb\0zzz"sv) == R"({sa_family=AF_UNIX, sun_path="/tmp/a\tb"})");
  CHECK(address("\1\0/tmp/abc"sv) == R"({sa_family=AF_UNIX, sun_path="/tmp/abc"})");
  CHECK(address("\1\0\0abstract\0x"sv) == R"({sa_family=AF_UNIX, sun_path=@"abstract\0x"})");
  CHECK(address("\1\0\0"sv) == R"({sa_family=AF_UNIX, sun_path=@""})");
  CHECK(address("\1\0"sv) == "{sa_family=AF_UNIX}");
}

TEST_CASE("a netlink address is shown with its groups") {
  CHECK(address("\x10\0\0\0\7\0\0\0\1\0\0\0"sv) ==
        "{sa_family=AF_NETLINK, nl_pid=7, nl_groups=0x000001}");
  CHECK(address("\x10\0\3\0\7\0\0\0\0\0\0\0"sv) ==
        "{sa_family=AF_NETLINK, nl_pad=0x3, nl_pid=7, nl_groups=00000000}");
}

TEST_CASE("a link layer address is shown as far as it is given") {
  sockaddr_ll link{};
  link.sll_family = AF_PACKET;
  link.sll_protocol = htons(ETH_P_ARP);
  link.sll_ifindex = 1;
  link.sll_hatype = ARPHRD_ETHER;
  link.sll_pkttype = PACKET_OUTGOING;
  link.sll_halen = 2;
  link.sll_addr[0] = 0x1f;
  CHECK(address_of(link) ==
        "{sa_family=AF_PACKET, sll_protocol=htons(ETH_P_ARP), sll_ifindex=1, "
        "sll_hatype=ARPHRD_ETHER, sll_pkttype=PACKET_OUTGOING, sll_halen=2, "
        "sll_addr=[0x1f, 00]}");
  link.sll_halen = 200;
  CHECK(address_of(link).ends_with("sll_addr=[0x1f, 00, 00, 00, 00, 00, 00, 00, ...]}"));
}

TEST_CASE("an address of another family, or one too short for its own, is shown as bytes") {
  CHECK(address("\x63\0abc"sv) == R"({sa_family=0x63 /* AF_??? */, sa_data="abc"})");
  CHECK(address("\2\0\x1f\x90"sv) == R"({sa_family=AF_INET, sa_data="\37\220"})");
}

TEST_CASE("an address that has no room for a family is shown as a pointer") {
  CHECK(address("\2"sv) == "0x7ffe1000");
  CHECK(address("") == "0x7ffe1000");
}

TEST_CASE("an address that a call fills is shown as far as there was room for it") {
  EventBuilder call("accept");
  call.arguments({3, kPointer, kPointer}).returns(4);
  call.value(1, "\1\0"sv).before(2, 110).value(2, 2);
  CHECK(line(call) == "accept(3, {sa_family=AF_UNIX}, [110 => 2]) = 4");
  EventBuilder same("getsockname");
  same.arguments({3, kPointer, kPointer}).value(1, "\1\0"sv).before(2, 2).value(2, 2).returns(0);
  CHECK(line(same) == "getsockname(3, {sa_family=AF_UNIX}, [2]) = 0");
  EventBuilder failed("getpeername");
  failed.arguments({3, kPointer, kPointer}).before(2, 110).fails(ENOTCONN);
  CHECK(line(failed) ==
        "getpeername(3, 0x7ffe1000, [110])       = -1 ENOTCONN (Transport endpoint is not "
        "connected)");
}

TEST_CASE("bytes are escaped as briefly as they can be") {
  CHECK(sent("a\n\t\r\v\f\"\\\1\0012\0\377x"sv) == R"("a\n\t\r\v\f\"\\\1\0012\0\377x")");
  CHECK(sent("\0"
             "8\0"
             "7"sv) == R"("\08\0007")");
}

TEST_CASE("a string is shown up to the limit, and says where it was cut") {
  CHECK(sent(std::string(32, 'x')) == '"' + std::string(32, 'x') + '"');
  CHECK(sent(std::string(33, 'x')) == '"' + std::string(32, 'x') + "\"...");
  TextOptions options;
  options.string_limit = 0;
  CHECK(sent("abc", options) == R"(""...)");
  CHECK(sent("", options) == R"("")");
}

TEST_CASE("strings are shown in hexadecimal where that is wanted") {
  TextOptions options;
  options.hex_strings = HexStrings::NonAscii;
  CHECK(sent("ab\n", options) == R"("ab\n")");
  CHECK(sent("a\1", options) == R"("\x61\x01")");
  options.hex_strings = HexStrings::All;
  CHECK(sent("ab", options) == R"("\x61\x62")");
}

TEST_CASE("bytes that were kept in part end in an ellipsis") {
  EventBuilder call("recv");
  call.arguments({3, kPointer, 4096, 0}).returns(1000);
  call.blob(1, BlobPart::Value, "hello", 0, 1000);
  CHECK(line(call) == R"(recv(3, "hello"..., 4096, 0)            = 1000)");
}

TEST_CASE("where bytes could not be read the pointer is shown") {
  EventBuilder call("send");
  call.arguments({3, 8, 5, 0}).unreadable(1).fails(EFAULT);
  CHECK(line(call) == "send(3, 0x8, 5, 0)                      = -1 EFAULT (Bad address)");
  EventBuilder null("recv");
  null.arguments({3, 0, 0, 0}).returns(0);
  CHECK(line(null) == "recv(3, NULL, 0, 0)                     = 0");
}

TEST_CASE("sendfile shows its offset before and after") {
  EventBuilder call("sendfile");
  call.arguments({4, 5, kPointer, 100}).before(2, int64_t{10}).value(2, int64_t{60}).returns(50);
  CHECK(line(call) == "sendfile(4, 5, [10] => [60], 100)       = 50");
  EventBuilder without("sendfile");
  without.arguments({4, 5, 0, 100}).returns(50);
  CHECK(line(without) == "sendfile(4, 5, NULL, 100)               = 50");
}

TEST_CASE("socketpair shows the pair that it made") {
  EventBuilder call("socketpair");
  call.arguments({AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, kPointer}).returns(0);
  const int pair[] = {3, 4};
  call.value(3, pair);
  CHECK(line(call) == "socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [3, 4]) = 0");
  TextOptions short_arrays;
  short_arrays.string_limit = 1;
  CHECK(line(call, short_arrays) ==
        "socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [3, ...]) = 0");
}

TEST_CASE("a protocol is named as its domain has it") {
  const auto protocol = [](int domain, int type, int64_t number) {
    EventBuilder call("socket");
    call.arguments({domain, type, number}).returns(3);
    const std::string text = line(call);
    return text.substr(7, text.rfind(')') - 7);
  };
  CHECK(protocol(AF_INET, SOCK_STREAM, 0) == "AF_INET, SOCK_STREAM, IPPROTO_IP");
  CHECK(protocol(AF_NETLINK, SOCK_RAW, 0) == "AF_NETLINK, SOCK_RAW, NETLINK_ROUTE");
  CHECK(protocol(AF_UNIX, SOCK_DGRAM, 0) == "AF_UNIX, SOCK_DGRAM, 0");
  CHECK(protocol(AF_PACKET, SOCK_RAW, htons(ETH_P_IP)) == "AF_PACKET, SOCK_RAW, htons(ETH_P_IP)");
  CHECK(protocol(AF_INET, 0xd, 300) == "AF_INET, 0xd /* SOCK_??? */, 0x12c /* IPPROTO_??? */");
  CHECK(protocol(77, SOCK_STREAM | 0x1000, 7) ==
        "0x4d /* AF_??? */, SOCK_STREAM|0x1000 /* SOCK_??? */, 7");
}
