// SPDX-License-Identifier: Apache-2.0
// How each kind of argument looks in JSON.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/event_builder.h"
#include "tests/unit/trace/json_lines.h"
#include "tests/unit/trace/loopback.h"

using namespace wireseam;
using namespace wireseam::test;
using nlohmann::ordered_json;

namespace {

std::string args_of(EventBuilder builder) { return json_value(builder.event(), "/args"); }
std::string arg_of(EventBuilder builder, const std::string& name) {
  return json_value(builder.event(), "/args/" + name);
}

}  // namespace

TEST_CASE("addresses are objects") {
  const auto addr = [](const auto& sockaddr) {
    return arg_of(EventBuilder("connect").arguments({3, kPointer, 16}).value(1, sockaddr), "addr");
  };
  CHECK(addr(loopback(80)) == R"({"family":"AF_INET","address":"127.0.0.1","port":80})");
  sockaddr_in6 inet6{};
  inet6.sin6_family = AF_INET6;
  inet6.sin6_port = htons(443);
  inet6.sin6_addr = in6addr_loopback;
  inet6.sin6_scope_id = 2;
  CHECK(addr(inet6) ==
        R"({"family":"AF_INET6","address":"::1","port":443,"flowinfo":0,"scope_id":2})");
  CHECK(addr(std::string("\1\0/tmp/x\0", 9)) == R"({"family":"AF_UNIX","path":"/tmp/x"})");
  CHECK(addr(std::string("\1\0\0name", 7)) == R"({"family":"AF_UNIX","abstract":"name"})");
  CHECK(addr(std::string("\1\0", 2)) == R"({"family":"AF_UNIX"})");
  CHECK(addr(std::string("\1\0/\xff", 4)) ==
        R"({"family":"AF_UNIX","path":{"base64":"L/8=","length":2}})");
  CHECK(addr(std::string("\x10\0\0\0\5\0\0\0\1\0\0\0", 12)) ==
        R"({"family":"AF_NETLINK","pid":5,"groups":1})");
  CHECK(addr(std::string("\x63\0ab", 4)) == R"({"family":99,"data":{"text":"ab","length":2}})");
  CHECK(addr(std::string("\2\0ab", 4)) ==
        R"({"family":"AF_INET","data":{"text":"ab","length":2}})");
  CHECK(addr(std::string("x")) == R"({"data":{"text":"x","length":1}})");
}

TEST_CASE("a packet address names protocol and hardware") {
  sockaddr_ll packet{};
  packet.sll_family = AF_PACKET;
  packet.sll_protocol = htons(0x0800);
  packet.sll_ifindex = 2;
  packet.sll_hatype = 1;
  packet.sll_halen = 6;
  packet.sll_addr[5] = 0xab;
  CHECK(arg_of(EventBuilder("bind").arguments({3, kPointer, 20}).value(1, packet), "addr") ==
        R"({"family":"AF_PACKET","protocol":"ETH_P_IP","ifindex":2,"hatype":"ARPHRD_ETHER",)"
        R"("pkttype":"PACKET_HOST","address":"00:00:00:00:00:ab"})");
}

TEST_CASE("what a pointer points at is null, an address, or what was recorded") {
  CHECK(arg_of(EventBuilder("connect").arguments({3, 0, 16}), "addr") == "null");
  CHECK(arg_of(EventBuilder("connect").arguments({3, 8, 16}).fails(EFAULT), "addr") == "\"0x8\"");
  CHECK(arg_of(EventBuilder("connect").arguments({3, 8, 16}).unreadable(1).fails(EFAULT), "addr") ==
        "\"0x8\"");
}

TEST_CASE("a length that the call changes has two values") {
  CHECK(arg_of(EventBuilder("accept")
                   .arguments({3, kPointer, kPointer})
                   .before(2, uint32_t{110})
                   .value(2, uint32_t{2}),
               "addrlen") == R"({"before":110,"after":2})");
}

TEST_CASE("a payload is text where it is UTF-8, else base64, with its whole length") {
  const auto buf = [](std::string_view bytes, uint64_t total) {
    return arg_of(EventBuilder("send")
                      .arguments({3, kPointer, static_cast<int64_t>(total), 0})
                      .blob(1, BlobPart::Value, bytes, 0, total)
                      .returns(static_cast<int64_t>(total)),
                  "buf");
  };
  CHECK(buf("a\n\"\xc3\xa9", 5) == "{\"text\":\"a\\n\\\"\xc3\xa9\",\"length\":5}");
  CHECK(buf("a\xff", 2) == R"({"base64":"Yf8=","length":2})");
  CHECK(buf("abc", 1000) == R"({"text":"abc","length":1000,"recorded":3})");
  CHECK(buf("", 0) == R"({"text":"","length":0})");
}

TEST_CASE("socket kinds are names") {
  CHECK(args_of(EventBuilder("socket").arguments({AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 17})) ==
        R"({"domain":"AF_INET6","type":["SOCK_DGRAM","SOCK_NONBLOCK"],"protocol":"IPPROTO_UDP"})");
  CHECK(args_of(EventBuilder("socket").arguments({99, 15, 77})) ==
        R"({"domain":99,"type":[15],"protocol":77})");
}

TEST_CASE("flags without a name are a number of their own") {
  CHECK(arg_of(EventBuilder("recv").arguments({3, 0, 0, MSG_PEEK | 0x800000}), "flags") ==
        R"(["MSG_PEEK","0x800000"])");
}

TEST_CASE("iovecs show each buffer") {
  const iovec vector[3] = {
      {reinterpret_cast<void*>(kPointer), 2}, {nullptr, 0}, {reinterpret_cast<void*>(kPointer), 9}};
  CHECK(arg_of(EventBuilder("writev")
                   .arguments({3, kPointer, 3})
                   .part(1, BlobPart::Vector, vector)
                   .part(1, BlobPart::Buffer, "ab")
                   .blob(1, BlobPart::Buffer, "", 0, kUnreadable)
                   .fails(EFAULT),
               "iov") == R"([{"iov_base":{"text":"ab","length":2},"iov_len":2},)"
                         R"({"iov_base":null,"iov_len":0},)"
                         R"({"iov_base":"0x7ffe1000","iov_len":9}])");
}

TEST_CASE("a message shows name, buffers, control and flags") {
  msghdr header{};
  header.msg_name = reinterpret_cast<void*>(kPointer);
  header.msg_namelen = 16;
  header.msg_iov = reinterpret_cast<iovec*>(kPointer);
  header.msg_iovlen = 1;
  header.msg_control = reinterpret_cast<void*>(kPointer);
  header.msg_controllen = 24;
  header.msg_flags = MSG_CTRUNC;
  const iovec vector = {reinterpret_cast<void*>(kPointer), 100};
  struct {
    size_t length = CMSG_LEN(2 * sizeof(int));
    int level = SOL_SOCKET;
    int type = SCM_RIGHTS;
    int fds[2] = {7, 8};
  } rights;
  CHECK(arg_of(EventBuilder("recvmsg")
                   .arguments({3, kPointer, 0})
                   .returns(2)
                   .before(1, uint32_t{128})
                   .value(1, header)
                   .part(1, BlobPart::Name, loopback(80))
                   .part(1, BlobPart::Vector, vector)
                   .part(1, BlobPart::Buffer, "ab")
                   .part(1, BlobPart::Control, rights),
               "msg") ==
        R"({"msg_name":{"family":"AF_INET","address":"127.0.0.1","port":80},)"
        R"("msg_namelen":{"before":128,"after":16},)"
        R"("msg_iov":[{"iov_base":{"text":"ab","length":2},"iov_len":100}],"msg_iovlen":1,)"
        R"("msg_control":[{"cmsg_len":24,"cmsg_level":"SOL_SOCKET","cmsg_type":"SCM_RIGHTS",)"
        R"("cmsg_data":[7,8]}],"msg_controllen":24,"msg_flags":["MSG_CTRUNC"]})");
}

TEST_CASE("each of many messages has its own buffers, and a length if it was handled") {
  mmsghdr messages[2]{};
  messages[0].msg_len = 1;
  for (mmsghdr& message : messages) message.msg_hdr.msg_iovlen = 1;
  const iovec vector = {reinterpret_cast<void*>(kPointer), 1};
  EventBuilder builder("sendmmsg");
  builder.arguments({3, kPointer, 2, 0}).returns(1).value(1, messages);
  for (const size_t i : {0, 1})
    builder.part(1, BlobPart::Vector, vector, i).part(1, BlobPart::Buffer, i == 0 ? "a" : "b", i);
  const auto value = nlohmann::json::parse(arg_of(builder, "msgvec"));
  CHECK(value[0]["msg_len"] == 1);
  CHECK_FALSE(value[1].contains("msg_len"));
  CHECK(value[0]["msg_hdr"]["msg_iov"][0]["iov_base"]["text"] == "a");
  CHECK(value[1]["msg_hdr"]["msg_iov"][0]["iov_base"]["text"] == "b");
}

TEST_CASE("socket options are decoded by their name") {
  const auto option = [](int level, int name, const auto& value) {
    const std::string args = args_of(
        EventBuilder("setsockopt").arguments({3, level, name, kPointer, 4}).value(3, value));
    const auto line = ordered_json::parse(args);
    return line["optname"].dump() + " " + line["optval"].dump();
  };
  CHECK(option(SOL_SOCKET, SO_REUSEADDR, 1) == R"("SO_REUSEADDR" 1)");
  CHECK(option(SOL_SOCKET, SO_LINGER, linger{1, 5}) == R"("SO_LINGER" {"l_onoff":1,"l_linger":5})");
  CHECK(option(SOL_SOCKET, SO_RCVTIMEO, timeval{1, 500000}) ==
        R"("SO_RCVTIMEO" {"tv_sec":1,"tv_usec":500000})");
  CHECK(option(SOL_SOCKET, SO_ERROR, ECONNREFUSED) == R"("SO_ERROR" "ECONNREFUSED")");
  CHECK(option(SOL_SOCKET, SO_ERROR, 0) == R"("SO_ERROR" 0)");
  CHECK(option(SOL_SOCKET, SO_TYPE, SOCK_STREAM) == R"("SO_TYPE" "SOCK_STREAM")");
  CHECK(option(IPPROTO_TCP, 13, std::string("cubic\0", 6)) == R"("TCP_CONGESTION" "cubic")");
  CHECK(option(IPPROTO_IP, IP_MULTICAST_TTL, uint8_t{3}) == R"("IP_MULTICAST_TTL" 3)");
  CHECK(option(SOL_SOCKET, SO_MAX_PACING_RATE, 20000u) == R"("SO_MAX_PACING_RATE" 20000)");
  CHECK(option(SOL_SOCKET, SO_MAX_PACING_RATE, ~0u) == R"("SO_MAX_PACING_RATE" 4294967295)");
  CHECK(option(SOL_SOCKET, SO_MAX_PACING_RATE, 1ul << 40) ==
        R"("SO_MAX_PACING_RATE" 1099511627776)");
  CHECK(option(IPPROTO_IP, IP_ADD_MEMBERSHIP, std::string("\340\0\0\1\0\0\0\0\2\0\0\0", 12)) ==
        R"("IP_ADD_MEMBERSHIP" {"imr_multiaddr":"224.0.0.1","imr_address":"0.0.0.0",)"
        R"("imr_ifindex":2})");
  CHECK(option(SOL_SOCKET, SO_LINGER, std::string("ab")) ==
        R"("SO_LINGER" {"text":"ab","length":2})");
  CHECK(option(12345, 6, 7) == "6 7");
}

TEST_CASE("waiting for readiness shows what was asked and answered") {
  const pollfd fds[2] = {{4, POLLOUT, 0}, {5, POLLIN | POLLPRI, POLLIN | POLLHUP}};
  CHECK(
      arg_of(EventBuilder("poll").arguments({kPointer, 2, 1000}).returns(1).value(0, fds), "fds") ==
      R"([{"fd":4,"events":["POLLOUT"],"revents":[]},)"
      R"({"fd":5,"events":["POLLIN","POLLPRI"],"revents":["POLLIN","POLLHUP"]}])");
  CHECK(arg_of(EventBuilder("poll").arguments({kPointer, 2, 1000}).fails(EINTR).value(0, fds[0]),
               "fds") == R"([{"fd":4,"events":["POLLOUT"]}])");
  const uint64_t asked = 0b11000;
  const uint64_t answered = 0b10000;
  CHECK(arg_of(EventBuilder("select")
                   .arguments({5, kPointer, 0, 0, 0})
                   .before(1, asked)
                   .value(1, answered),
               "readfds") == R"({"before":[3,4],"after":[4]})");
  CHECK(arg_of(EventBuilder("ppoll")
                   .arguments({0, 0, 0, kPointer})
                   .value(3, uint64_t{1} << (SIGINT - 1)),
               "sigmask") == R"(["SIGINT"])");
}

TEST_CASE("epoll events show their data") {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = UINT64_MAX;
  CHECK(args_of(EventBuilder("epoll_ctl").arguments({9, 1, 6, kPointer}).value(3, event)) ==
        R"({"epfd":9,"op":"EPOLL_CTL_ADD","fd":6,)"
        R"("event":{"events":["EPOLLIN","EPOLLET"],"data":18446744073709551615}})");
  CHECK(
      arg_of(EventBuilder("epoll_wait").arguments({9, kPointer, 8, -1}).returns(1).value(1, event),
             "events") == R"([{"events":["EPOLLIN","EPOLLET"],"data":18446744073709551615}])");
}

TEST_CASE("fcntl and ioctl show what their operation takes") {
  const auto fcntl_line = [](int operation, int64_t argument, int64_t result) {
    const auto line = ordered_json::parse(json_line(
        EventBuilder("fcntl").arguments({3, operation, argument}).returns(result).event()));
    return line["args"]["op"].dump() + " " + line["args"]["arg"].dump() + " " +
           (line.contains("result_flags") ? line["result_flags"].dump() : "-");
  };
  CHECK(fcntl_line(F_SETFL, O_RDWR | O_NONBLOCK, 0) == R"("F_SETFL" ["O_RDWR","O_NONBLOCK"] -)");
  CHECK(fcntl_line(F_GETFL, 77, O_RDWR) == R"("F_GETFL" null ["O_RDWR"])");
  CHECK(fcntl_line(F_SETFD, FD_CLOEXEC, 0) == R"("F_SETFD" ["FD_CLOEXEC"] -)");
  CHECK(fcntl_line(F_DUPFD_CLOEXEC, 10, 10) == R"("F_DUPFD_CLOEXEC" 10 -)");
  CHECK(args_of(EventBuilder("ioctl").arguments({3, FIONREAD, kPointer}).value(2, 17)) ==
        R"({"fd":3,"op":"FIONREAD","argp":17})");
}

TEST_CASE("requests about an interface show its name and what they are about") {
  ifreq interface {};
  std::strcpy(interface.ifr_name, "lo");
  interface.ifr_flags = IFF_UP | IFF_LOOPBACK;
  EventBuilder builder("ioctl");
  builder.arguments({3, SIOCGIFFLAGS, kPointer}).value(2, interface);
  CHECK(arg_of(builder, "argp") == R"({"ifr_name":"lo","ifr_flags":["IFF_UP","IFF_LOOPBACK"]})");
  CHECK(arg_of(builder.fails(ENODEV), "argp") == R"({"ifr_name":"lo"})");
}

TEST_CASE("TCP_INFO shows as many fields as the kernel gave") {
  std::string info(12, '\0');
  info[0] = 1;
  info[6] = 0x73;
  info[8] = 5;
  EventBuilder builder("getsockopt");
  builder.arguments({3, IPPROTO_TCP, 11, kPointer, kPointer}).value(3, info);
  const auto value = nlohmann::json::parse(arg_of(builder, "optval"));
  CHECK(value["tcpi_state"] == "TCP_ESTABLISHED");
  CHECK(value["tcpi_snd_wscale"] == 3);
  CHECK(value["tcpi_rcv_wscale"] == 7);
  CHECK(value["tcpi_rto"] == 5);
  CHECK_FALSE(value.contains("tcpi_ato"));
}

TEST_CASE("resolution shows what was asked and found") {
  struct {
    int32_t head[4] = {AI_PASSIVE, AF_INET, SOCK_STREAM, 6};
    sockaddr_in address = loopback(80);
  } found;
  CHECK(args_of(EventBuilder("getaddrinfo")
                    .arguments({kPointer, 0, 0, kPointer})
                    .value(0, "localhost")
                    .value(3, found)) ==
        R"({"node":"localhost","service":null,"hints":null,"res":[{"ai_flags":["AI_PASSIVE"],)"
        R"("ai_family":"AF_INET","ai_socktype":"SOCK_STREAM","ai_protocol":"IPPROTO_TCP",)"
        R"("ai_addr":{"family":"AF_INET","address":"127.0.0.1","port":80}}]})");
  CHECK(json_value(EventBuilder("gethostbyname")
                       .arguments({kPointer})
                       .returns(kPointer)
                       .value(0, "localhost")
                       .part(0, BlobPart::Name, std::string("\x7f\0\0\1", 4))
                       .event(),
                   "/result_addresses") == R"(["127.0.0.1"])");
}

TEST_CASE("programs are shown with their arguments") {
  CHECK(args_of(EventBuilder("execve")
                    .arguments({kPointer, kPointer, kPointer})
                    .value(0, "/bin/ls")
                    .value(1, "ls", 0)
                    .value(1, "-l\xff", 1)
                    .value(2, uint32_t{27})) ==
        R"({"pathname":"/bin/ls","argv":["ls",{"base64":"LWz/","length":3}],"envp":27})");
}
