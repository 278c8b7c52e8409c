// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <utility>

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/text_lines.h"
#include "tracer/trace/text/netlink.h"

using namespace wireseam;
using namespace wireseam::test;
using namespace std::string_literals;

namespace {

std::string bytes_of(const auto& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string message(uint16_t type, uint16_t flags, const std::string& payload) {
  const auto length = static_cast<uint32_t>(sizeof(nlmsghdr) + payload.size());
  return bytes_of(nlmsghdr{length, type, flags, 7, 0}) + payload;
}

std::string attribute(uint16_t type, const std::string& value) {
  std::string text = bytes_of(nlattr{static_cast<uint16_t>(sizeof(nlattr) + value.size()), type});
  text += value;
  text.resize(NLA_ALIGN(text.size()));
  return text;
}

std::string shown(int protocol, std::string_view bytes, size_t limit = 32) {
  TextOptions options = as_syscall();
  options.string_limit = limit;
  std::string text;
  TextWriter out(text, options);
  write_netlink(out, protocol, std::as_bytes(std::span(bytes)), bytes.size());
  return text;
}

const std::string kNeighbor = bytes_of(ndmsg{AF_INET, 0, 0, 0, NUD_STALE, 0, 0}) +
                              attribute(1, "\x7f\0\0\1"s) + attribute(2, "\2\0\0\0\0\1"s);

}  // namespace

TEST_CASE("a message is shown with its family's header and attributes") {
  CHECK(shown(NETLINK_ROUTE, message(RTM_NEWNEIGH, NLM_F_MULTI, kNeighbor)) ==
        "[{nlmsg_len=48, nlmsg_type=RTM_NEWNEIGH, nlmsg_flags=NLM_F_MULTI, nlmsg_seq=7, "
        "nlmsg_pid=0}, {ndm_family=AF_INET, ndm_ifindex=0, ndm_state=NUD_STALE, ndm_flags=0, "
        "ndm_type=RTN_UNSPEC}, [[{nla_len=8, nla_type=NDA_DST}, inet_addr(\"127.0.0.1\")], "
        "[{nla_len=10, nla_type=NDA_LLADDR}, 02:00:00:00:00:01]]]");
}

TEST_CASE("several messages stand in brackets") {
  const std::string done = message(NLMSG_DONE, NLM_F_MULTI, bytes_of(int{0}));
  CHECK(shown(NETLINK_ROUTE, done + done) ==
        "[[{nlmsg_len=20, nlmsg_type=NLMSG_DONE, nlmsg_flags=NLM_F_MULTI, nlmsg_seq=7, "
        "nlmsg_pid=0}, 0], [{nlmsg_len=20, nlmsg_type=NLMSG_DONE, nlmsg_flags=NLM_F_MULTI, "
        "nlmsg_seq=7, nlmsg_pid=0}, 0]]");
}

TEST_CASE("an error has its name and the message that it is about") {
  const nlmsgerr error{-19, {32, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 7, 0}};
  CHECK(shown(NETLINK_ROUTE, message(NLMSG_ERROR, NLM_F_CAPPED, bytes_of(error))) ==
        "[{nlmsg_len=36, nlmsg_type=NLMSG_ERROR, nlmsg_flags=NLM_F_CAPPED, nlmsg_seq=7, "
        "nlmsg_pid=0}, {error=-ENODEV, msg={nlmsg_len=32, nlmsg_type=RTM_GETLINK, "
        "nlmsg_flags=NLM_F_REQUEST|NLM_F_DUMP, nlmsg_seq=7, nlmsg_pid=0}}]");
}

TEST_CASE("errors that quote errors are shown as far down as a kernel could mean them") {
  std::string nested;
  for (int i = 0; i < 3'000; ++i) {
    std::string outer = message(NLMSG_ERROR, 0, bytes_of(int32_t{-1}) + nested);
    nested = std::move(outer);
  }
  const std::string text = shown(NETLINK_ROUTE, nested);
  CHECK(std::ranges::count(text, '{') < 100);
  CHECK(text.find("{error=-EPERM, msg=[{nlmsg_len=") != std::string::npos);
  CHECK(text.find("msg=\"") == std::string::npos);
}

TEST_CASE("a request that is shorter than its header is shown as far as it goes") {
  CHECK(shown(NETLINK_ROUTE, message(RTM_GETADDR, NLM_F_REQUEST, "\0\0\0\0"s)) ==
        "[{nlmsg_len=20, nlmsg_type=RTM_GETADDR, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=7, "
        "nlmsg_pid=0}, {ifa_family=AF_UNSPEC, ...}]");
}

TEST_CASE("what is no message is shown as bytes") {
  CHECK(shown(NETLINK_ROUTE, "abc") == "\"\\x61\\x62\\x63\"");
}

TEST_CASE("bytes of any length and any lengths in them are read within their bounds") {
  const std::string whole = message(RTM_NEWNEIGH, NLM_F_MULTI, kNeighbor);
  for (const int protocol : {NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_GENERIC, -1})
    for (size_t size = 0; size <= whole.size(); ++size) {
      CHECK_FALSE(shown(protocol, std::string(whole, 0, size)).empty());
      if (size == whole.size()) continue;
      std::string changed = whole;
      changed[size] = static_cast<char>(0xff);
      CHECK_FALSE(shown(protocol, std::string(changed)).empty());
    }
}
