// SPDX-License-Identifier: Apache-2.0
// netlink(7), rtnetlink(7), sock_diag(7).
#include "tracer/compare/encode/netlink.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

struct Named {
  std::string_view name;
  uint16_t value;
};

#define NAMED(name) \
  { #name, name }
constexpr Named kTypes[] = {
    NAMED(NLMSG_NOOP),      NAMED(NLMSG_ERROR),  NAMED(NLMSG_DONE),   NAMED(NLMSG_OVERRUN),
    NAMED(RTM_NEWLINK),     NAMED(RTM_DELLINK),  NAMED(RTM_GETLINK),  NAMED(RTM_SETLINK),
    NAMED(RTM_NEWADDR),     NAMED(RTM_DELADDR),  NAMED(RTM_GETADDR),  NAMED(RTM_NEWROUTE),
    NAMED(RTM_DELROUTE),    NAMED(RTM_GETROUTE), NAMED(RTM_NEWNEIGH), NAMED(RTM_DELNEIGH),
    NAMED(RTM_GETNEIGH),    NAMED(RTM_NEWRULE),  NAMED(RTM_DELRULE),  NAMED(RTM_GETRULE),
    NAMED(RTM_NEWQDISC),    NAMED(RTM_DELQDISC), NAMED(RTM_GETQDISC), NAMED(SOCK_DIAG_BY_FAMILY),
    NAMED(TCPDIAG_GETSOCK), NAMED(SOCK_DESTROY),
};
// What a request's flags and an answer's are called; some share a bit.
constexpr Named kFlags[] = {
    NAMED(NLM_F_REQUEST),   NAMED(NLM_F_MULTI),         NAMED(NLM_F_ACK),     NAMED(NLM_F_ECHO),
    NAMED(NLM_F_DUMP_INTR), NAMED(NLM_F_DUMP_FILTERED), NAMED(NLM_F_ROOT),    NAMED(NLM_F_MATCH),
    NAMED(NLM_F_ATOMIC),    NAMED(NLM_F_DUMP),          NAMED(NLM_F_REPLACE), NAMED(NLM_F_EXCL),
    NAMED(NLM_F_CREATE),    NAMED(NLM_F_APPEND),        NAMED(NLM_F_NONREC),  NAMED(NLM_F_CAPPED),
    NAMED(NLM_F_ACK_TLVS),
};
#undef NAMED

template <size_t count>
std::optional<uint64_t> value_of(std::string_view word, const Named (&names)[count]) {
  const auto* found = std::ranges::find(names, word, &Named::name);
  return found != std::end(names) ? std::optional<uint64_t>(found->value) : number_of(word);
}

std::optional<uint64_t> flags_of(std::string_view words) {
  uint64_t flags = 0;
  for (;;) {
    const size_t end = words.find('|');
    const auto flag = value_of(words.substr(0, end), kFlags);
    if (!flag) return std::nullopt;
    flags |= *flag;
    if (end == words.npos) return flags;
    words.remove_prefix(end + 1);
  }
}

std::string_view word_of(const LogValue& header, std::string_view field) {
  const LogValue* value = header.field(field);
  return value != nullptr ? value->word : std::string_view();
}

std::string header_bytes(const LogValue& header) {
  const auto length = number_of(word_of(header, "nlmsg_len"));
  const auto type = value_of(word_of(header, "nlmsg_type"), kTypes);
  const auto flags = flags_of(word_of(header, "nlmsg_flags"));
  const auto sequence = number_of(word_of(header, "nlmsg_seq"));
  const auto port = number_of(word_of(header, "nlmsg_pid"));
  if (!length || !type || !flags || !sequence || !port) return {};
  const nlmsghdr bytes{.nlmsg_len = static_cast<uint32_t>(*length),
                       .nlmsg_type = static_cast<uint16_t>(*type),
                       .nlmsg_flags = static_cast<uint16_t>(*flags),
                       .nlmsg_seq = static_cast<uint32_t>(*sequence),
                       .nlmsg_pid = static_cast<uint32_t>(*port)};
  return {reinterpret_cast<const char*>(&bytes), sizeof bytes};
}

}  // namespace

std::string netlink_bytes(const LogValue& value) {
  if (value.field("nlmsg_len") != nullptr) return header_bytes(value);
  if (value.kind != LogValue::Kind::Array || value.items.empty()) return {};
  std::string bytes = netlink_bytes(value.items.front());
  const bool has_rest = value.items.size() > 1 && value.items[1].kind == LogValue::Kind::String;
  if (bytes.size() == sizeof(nlmsghdr) && has_rest) bytes += value.items[1].bytes;
  return bytes;
}

}  // namespace wireseam
