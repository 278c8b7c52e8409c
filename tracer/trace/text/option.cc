// SPDX-License-Identifier: Apache-2.0
// What the value of an option is made of is a row of a table. An option without a row is shown as
// an int if it is four bytes long, else as bytes.
#include "tracer/trace/text/option.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "tracer/trace/socket_options.h"
#include "tracer/trace/text/sockaddr.h"
#include "tracer/trace/text/tcp_info.h"
#include "tracer/trace/text/time_value.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

// Each is given at least as many bytes as its row says.

struct Word {
  std::string_view name;
  bool is_signed = false;
};

// A structure of four-byte numbers, as far as there are bytes: the kernel gives no more of it than
// it is asked for.
void write_words(TextWriter& out, Bytes value, std::initializer_list<Word> words) {
  StructText text(out);
  for (const Word& word : words) {
    if (value.empty()) break;
    text.field(word.name);
    const auto number = read_at<uint32_t>(value);
    if (!number) return out.quoted_hex(value);
    if (word.is_signed)
      out.decimal(static_cast<int32_t>(*number));
    else
      out.number(*number);
    value = value.subspan(sizeof *number);
  }
}

void write_linger(TextWriter& out, Bytes value) {
  write_words(out, value, {{"l_onoff", true}, {"l_linger", true}});
}

void write_credentials(TextWriter& out, Bytes value) {
  write_words(out, value, {{"pid", true}, {"uid", true}, {"gid", true}});
}

void write_error(TextWriter& out, Bytes value) {
  const auto error = *read_at<uint32_t>(value);
  const std::string_view name = constant_name(ConstantGroup::Errno, error);
  out.text("[");
  if (name.empty())
    out.number(error);
  else
    out.text(name);
  out.text("]");
}

void write_timeval_value(TextWriter& out, Bytes value) {
  write_time(out, *read_at<timeval>(value));
}

void write_long(TextWriter& out, Bytes value) {
  out.text("[");
  out.number(*read_at<uint64_t>(value));
  out.text("]");
}

void write_rehash(TextWriter& out, Bytes value) {
  out.text("[");
  out.constant(ConstantGroup::TransmitRehash, *read_at<uint32_t>(value));
  out.text("]");
}

// As long as the program's unsigned is, or as its unsigned long.
void write_rate(TextWriter& out, Bytes value) {
  const auto rate = read_at<uint64_t>(value);
  out.text("[");
  out.number(rate ? *rate : *read_at<uint32_t>(value));
  out.text("]");
}

void write_text(TextWriter& out, Bytes value) { out.quoted_until_nul(value); }

void write_memberships(TextWriter& out, Bytes value) {
  out.text("[");
  for (size_t i = 0; i < value.size() / sizeof(uint32_t); ++i) {
    if (i > 0) out.text(", ");
    out.number(*read_at<uint32_t>(value, i * sizeof(uint32_t)));
  }
  out.text("]");
}

void write_group(TextWriter& out, Bytes value) {
  const auto group = *read_at<ip_mreq>(value);
  StructText text(out);
  text.field("imr_multiaddr").inet_address(std::as_bytes(std::span(&group.imr_multiaddr, 1)));
  text.field("imr_interface").inet_address(std::as_bytes(std::span(&group.imr_interface, 1)));
}

void write_group6(TextWriter& out, Bytes value) {
  const auto group = *read_at<ipv6_mreq>(value);
  StructText text(out);
  text.next().inet6_address(std::as_bytes(std::span(&group.ipv6mr_multiaddr, 1)),
                            "ipv6mr_multiaddr");
  text.field("ipv6mr_interface").interface(group.ipv6mr_interface);
}

void write_ring(TextWriter& out, Bytes value) {
  write_words(out, value, {{"tp_block_size"}, {"tp_block_nr"}, {"tp_frame_size"}, {"tp_frame_nr"}});
}

void write_statistics(TextWriter& out, Bytes value) {
  write_words(out, value, {{"tp_packets"}, {"tp_drops"}, {"tp_freeze_q_cnt"}});
}

void write_group_request(TextWriter& out, Bytes value) {
  StructText text(out);
  text.field("gr_interface").interface(*read_at<uint32_t>(value));
  text.field("gr_group");
  constexpr size_t kGroup = offsetof(group_req, gr_group);
  write_sockaddr(out, value.subspan(kGroup, sizeof(sockaddr_storage)));
}

void write_packet_group(TextWriter& out, Bytes value) {
  const auto group = *read_at<packet_mreq>(value);
  StructText text(out);
  text.field("mr_ifindex").interface(static_cast<uint32_t>(group.mr_ifindex));
  text.field("mr_type").constant(ConstantGroup::PacketGroupType, group.mr_type);
  text.field("mr_alen").number(group.mr_alen);
  text.field("mr_address");
  // A membership of all addresses has none; its bytes are shown as those of Ethernet.
  constexpr size_t kEthernet = 6;
  const size_t length = group.mr_alen == 0 ? kEthernet : group.mr_alen;
  for (size_t i = 0; i < std::min(length, sizeof group.mr_address); ++i) {
    if (i > 0) out.text(":");
    constexpr std::string_view kDigits = "0123456789abcdef";
    const unsigned byte = group.mr_address[i];
    out.text(kDigits.substr(byte >> 4, 1));
    out.text(kDigits.substr(byte & 0xf, 1));
  }
}

// A set bit is a type that is not wanted; what was not given counts as set.
void write_icmp_filter(TextWriter& out, Bytes value) {
  constexpr int kHalf = 16;
  uint32_t types = UINT32_MAX;
  std::memcpy(&types, value.data(), std::min(value.size(), sizeof types));
  const bool others = std::popcount(types) > kHalf;
  if (others) types = ~types;
  out.text(others ? "~[" : "[");
  for (bool first = true; types != 0; types &= types - 1, first = false) {
    if (!first) out.text(" ");
    out.constant(ConstantGroup::IcmpType, static_cast<uint64_t>(std::countr_zero(types)));
  }
  out.text("]");
}

void write_filter(TextWriter& out, Bytes value) {
  const auto program = *read_at<sock_fprog>(value);
  StructText text(out);
  text.field("len").number(program.len);
  text.field("filter").pointer(reinterpret_cast<uintptr_t>(program.filter));
}

enum class Known : uint8_t { ToStrace, ToUsOnly };

struct Option {
  std::string_view level;
  std::string_view name;
  size_t least_size;
  void (*write)(TextWriter& out, Bytes value);  // nullptr: only where it was
  OptionUse use = OptionUse::Both;              // of which calls it has a value of that kind
  Known known = Known::ToStrace;
  size_t most_size = SIZE_MAX;
};

using enum OptionUse;

constexpr Option kOptions[] = {
    {"SOL_SOCKET", "SO_LINGER", 1, write_linger, Get},
    {"SOL_SOCKET", "SO_LINGER", sizeof(linger), write_linger, Set},
    {"SOL_SOCKET", "SO_PEERCRED", 1, write_credentials, Get},
    {"SOL_SOCKET", "SO_ERROR", sizeof(int), write_error, Get},
    {"SOL_SOCKET", "SO_TXREHASH", sizeof(int), write_rehash},
    {"SOL_SOCKET", "SO_GET_FILTER", 0, nullptr, Get},
    {"SOL_SOCKET", "SO_ATTACH_FILTER", sizeof(sock_fprog), write_filter, Set, Known::ToStrace,
     sizeof(sock_fprog)},
    {"SOL_SOCKET", "SO_ATTACH_REUSEPORT_CBPF", sizeof(sock_fprog), write_filter, Set,
     Known::ToStrace, sizeof(sock_fprog)},
    {"SOL_SOCKET", "SO_RCVTIMEO_OLD", sizeof(timeval), write_timeval_value, Both, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_SNDTIMEO_OLD", sizeof(timeval), write_timeval_value, Both, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_RCVTIMEO_NEW", sizeof(timeval), write_timeval_value, Both, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_SNDTIMEO_NEW", sizeof(timeval), write_timeval_value, Both, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_COOKIE", sizeof(uint64_t), write_long, Both, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_NETNS_COOKIE", sizeof(uint64_t), write_long, Both, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_MAX_PACING_RATE", sizeof(uint32_t), write_rate, Both, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_BINDTODEVICE", 1, write_text, Both, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_PEERSEC", 1, write_text, Both, Known::ToUsOnly},
    {"SOL_IP", "IP_ADD_MEMBERSHIP", sizeof(ip_mreq), write_group, Set},
    {"SOL_IP", "IP_DROP_MEMBERSHIP", sizeof(ip_mreq), write_group, Set},
    {"SOL_IPV6", "IPV6_ADD_MEMBERSHIP", sizeof(ipv6_mreq), write_group6, Set},
    {"SOL_IPV6", "IPV6_DROP_MEMBERSHIP", sizeof(ipv6_mreq), write_group6, Set},
    {"SOL_IPV6", "IPV6_JOIN_ANYCAST", sizeof(ipv6_mreq), write_group6, Set},
    {"SOL_IPV6", "IPV6_LEAVE_ANYCAST", sizeof(ipv6_mreq), write_group6, Set},
    {"SOL_TCP", "TCP_INFO", 1, write_tcp_info, Both, Known::ToUsOnly},
    {"SOL_TCP", "TCP_CONGESTION", 1, write_text, Both, Known::ToUsOnly},
    {"SOL_TCP", "TCP_ULP", 1, write_text, Both, Known::ToUsOnly},
    {"SOL_IP", "MCAST_JOIN_GROUP", sizeof(group_req), write_group_request, Set},
    {"SOL_IP", "MCAST_LEAVE_GROUP", sizeof(group_req), write_group_request, Set},
    {"SOL_IPV6", "MCAST_JOIN_GROUP", sizeof(group_req), write_group_request, Set},
    {"SOL_IPV6", "MCAST_LEAVE_GROUP", sizeof(group_req), write_group_request, Set},
    {"SOL_RAW", "ICMP_FILTER", 1, write_icmp_filter},
    {"SOL_NETLINK", "NETLINK_LIST_MEMBERSHIPS", 0, write_memberships, Get},
    {"SOL_PACKET", "PACKET_ADD_MEMBERSHIP", sizeof(packet_mreq), write_packet_group, Set,
     Known::ToStrace, sizeof(packet_mreq)},
    {"SOL_PACKET", "PACKET_DROP_MEMBERSHIP", sizeof(packet_mreq), write_packet_group, Set,
     Known::ToStrace, sizeof(packet_mreq)},
    {"SOL_PACKET", "PACKET_RX_RING", sizeof(tpacket_req), write_ring, Set, Known::ToStrace,
     sizeof(tpacket_req)},
    {"SOL_PACKET", "PACKET_TX_RING", sizeof(tpacket_req), write_ring, Set, Known::ToStrace,
     sizeof(tpacket_req)},
    {"SOL_PACKET", "PACKET_STATISTICS", 1, write_statistics, Get},
};

// Options at SOL_SOCKET that strace knows to be an int; those without a row here are one if they
// are as long as one.
constexpr std::string_view kIntegers[] = {
    "SO_DEBUG",
    "SO_REUSEADDR",
    "SO_DONTROUTE",
    "SO_BROADCAST",
    "SO_SNDBUF",
    "SO_RCVBUF",
    "SO_KEEPALIVE",
    "SO_OOBINLINE",
    "SO_NO_CHECK",
    "SO_DETACH_FILTER",
    "SO_WIFI_STATUS",
    "SO_NOFCS",
    "SO_LOCK_FILTER",
    "SO_SELECT_ERR_QUEUE",
    "SO_CNX_ADVICE",
    "SO_INCOMING_NAPI_ID",
    "SO_DETACH_REUSEPORT_BPF",
    "SO_PREFER_BUSY_POLL",
    "SO_BUSY_POLL_BUDGET",
    "SO_RESERVE_MEM",
    "SO_RCVMARK",
    "SO_PRIORITY",
    "SO_BSDCOMPAT",
    "SO_REUSEPORT",
    "SO_PASSCRED",
    "SO_RCVLOWAT",
    "SO_SNDLOWAT",
    "SO_TIMESTAMP_OLD",
    "SO_ACCEPTCONN",
    "SO_SNDBUFFORCE",
    "SO_RCVBUFFORCE",
    "SO_PASSSEC",
    "SO_TIMESTAMPNS_OLD",
    "SO_MARK",
    "SO_TIMESTAMPING_OLD",
    "SO_RXQ_OVFL",
    "SO_PEEK_OFF",
    "SO_BUSY_POLL",
    "SO_INCOMING_CPU",
    "SO_ZEROCOPY",
    "SO_TIMESTAMP_NEW",
    "SO_TIMESTAMPNS_NEW",
    "SO_TIMESTAMPING_NEW",
};

void write_integer(TextWriter& out, Bytes value) {
  out.text("[");
  out.decimal(*read_at<int>(value));
  out.text("]");
}

constexpr Option kInteger{"SOL_SOCKET", "", sizeof(int), write_integer};

uint32_t level_of(const Argument& name) {
  return static_cast<uint32_t>(name.call.arguments[name.index - 1]);
}

const Option* find_option(const Argument& value) {
  const Argument name{value.out, value.event, value.call, value.index - 1};
  const auto group = option_group(value.call);
  if (!group) return nullptr;
  const std::string_view option_name = constant_name(*group, name.as_unsigned());
  if (group == ConstantGroup::SocketOption && std::ranges::count(kIntegers, option_name) > 0)
    return &kInteger;
  const std::string_view level = constant_name(ConstantGroup::OptionLevel, level_of(name));
  const OptionUse use = option_use(value.call);
  const auto* row = std::ranges::find_if(kOptions, [&](const Option& option) {
    return option.level == level && option.name == option_name &&
           (option.use == OptionUse::Both || option.use == use);
  });
  if (row == std::end(kOptions)) return group == ConstantGroup::NetlinkOption ? &kInteger : nullptr;
  return row->known == Known::ToStrace || !value.out.as_syscall() ? row : nullptr;
}

// A value of which strace knows nothing but its size.
void write_any_value(TextWriter& out, const Blob& value) {
  if (value.total == sizeof(int) && value.bytes.size() == sizeof(int))
    return write_integer(out, value.bytes);
  if (value.total == 1 && value.bytes.size() == 1 && !out.as_syscall()) {
    out.text("[");
    out.number(*read_at<uint8_t>(value.bytes));
    return out.text("]");
  }
  out.string(value.bytes, value.total);
}

// What is shown of some options whose value has an odd length is where it was.
bool fits(const Option& option, Bytes value, int length) {
  return option.write != nullptr && length >= static_cast<int64_t>(option.least_size) &&
         static_cast<uint64_t>(length) <= option.most_size && value.size() >= option.least_size;
}

}  // namespace

void write_option_name(const Argument& argument) {
  if (const auto group = option_group(argument.call))
    argument.out.option_name(*group, argument.as_unsigned());
  else
    argument.out.number(argument.as_unsigned());
}

void write_option_in(const Argument& argument) {
  const auto value = argument.blob();
  if (!value) return argument.pointer();
  const Option* option = find_option(argument);
  if (option != nullptr && fits(*option, value->bytes, argument.next().as_int()))
    return option->write(argument.out, value->bytes);
  if (option != nullptr && option->known == Known::ToStrace) return argument.pointer();
  write_any_value(argument.out, *value);
}

void write_option_out(const Argument& argument) {
  const auto value = argument.blob();
  const int room = argument.next().read<int>(BlobPart::Before).value_or(0);
  const int size = argument.next().read<int>().value_or(0);
  if (argument.call.failed() || !value || room <= 0 || size <= 0) return argument.pointer();
  const Option* option = find_option(argument);
  if (option != nullptr && option->write == nullptr) return argument.pointer();
  const Bytes bytes = value->bytes.first(std::min(value->bytes.size(), static_cast<size_t>(room)));
  if (option != nullptr && fits(*option, bytes, size)) return option->write(argument.out, bytes);
  if (option != nullptr && option->known == Known::ToStrace)
    return argument.out.quoted_hex(value->bytes);
  write_any_value(argument.out, *value);
}

}  // namespace wireseam
