// SPDX-License-Identifier: Apache-2.0
// What the value of an option is made of is a row of a table. An option without a row is shown as
// an int if it is four bytes long, else as bytes.
#include "tracer/trace/text/option.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "tracer/trace/text/tcp_info.h"
#include "tracer/trace/text/time_value.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

// Each is given at least as many bytes as its row says.

void write_linger(TextWriter& out, Bytes value) {
  const auto linger = *read_at<struct linger>(value);
  StructText text(out);
  text.field("l_onoff").decimal(linger.l_onoff);
  text.field("l_linger").decimal(linger.l_linger);
}

void write_credentials(TextWriter& out, Bytes value) {
  const auto credentials = *read_at<ucred>(value);
  StructText text(out);
  text.field("pid").decimal(credentials.pid);
  text.field("uid").decimal(static_cast<int>(credentials.uid));
  text.field("gid").decimal(static_cast<int>(credentials.gid));
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
  const auto ring = *read_at<tpacket_req>(value);
  StructText text(out);
  text.field("tp_block_size").number(ring.tp_block_size);
  text.field("tp_block_nr").number(ring.tp_block_nr);
  text.field("tp_frame_size").number(ring.tp_frame_size);
  text.field("tp_frame_nr").number(ring.tp_frame_nr);
}

void write_statistics(TextWriter& out, Bytes value) {
  const auto statistics = *read_at<tpacket_stats>(value);
  StructText text(out);
  text.field("tp_packets").number(statistics.tp_packets);
  text.field("tp_drops").number(statistics.tp_drops);
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
  void (*write)(TextWriter& out, Bytes value);
  Known known = Known::ToStrace;
};

constexpr Option kOptions[] = {
    {"SOL_SOCKET", "SO_LINGER", sizeof(linger), write_linger},
    {"SOL_SOCKET", "SO_PEERCRED", sizeof(ucred), write_credentials},
    {"SOL_SOCKET", "SO_ERROR", sizeof(int), write_error},
    {"SOL_SOCKET", "SO_TXREHASH", sizeof(int), write_rehash},
    {"SOL_SOCKET", "SO_ATTACH_FILTER", sizeof(sock_fprog), write_filter},
    {"SOL_SOCKET", "SO_ATTACH_REUSEPORT_CBPF", sizeof(sock_fprog), write_filter},
    {"SOL_SOCKET", "SO_RCVTIMEO_OLD", sizeof(timeval), write_timeval_value, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_SNDTIMEO_OLD", sizeof(timeval), write_timeval_value, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_RCVTIMEO_NEW", sizeof(timeval), write_timeval_value, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_SNDTIMEO_NEW", sizeof(timeval), write_timeval_value, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_COOKIE", sizeof(uint64_t), write_long, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_NETNS_COOKIE", sizeof(uint64_t), write_long, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_MAX_PACING_RATE", sizeof(uint32_t), write_rate, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_BINDTODEVICE", 1, write_text, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_PEERSEC", 1, write_text, Known::ToUsOnly},
    {"SOL_IP", "IP_ADD_MEMBERSHIP", sizeof(ip_mreq), write_group},
    {"SOL_IP", "IP_DROP_MEMBERSHIP", sizeof(ip_mreq), write_group},
    {"SOL_IPV6", "IPV6_ADD_MEMBERSHIP", sizeof(ipv6_mreq), write_group6},
    {"SOL_IPV6", "IPV6_DROP_MEMBERSHIP", sizeof(ipv6_mreq), write_group6},
    {"SOL_IPV6", "IPV6_JOIN_ANYCAST", sizeof(ipv6_mreq), write_group6},
    {"SOL_IPV6", "IPV6_LEAVE_ANYCAST", sizeof(ipv6_mreq), write_group6},
    {"SOL_TCP", "TCP_INFO", 1, write_tcp_info, Known::ToUsOnly},
    {"SOL_TCP", "TCP_CONGESTION", 1, write_text, Known::ToUsOnly},
    {"SOL_TCP", "TCP_ULP", 1, write_text, Known::ToUsOnly},
    {"SOL_NETLINK", "NETLINK_LIST_MEMBERSHIPS", 0, write_memberships},
    {"SOL_PACKET", "PACKET_RX_RING", sizeof(tpacket_req), write_ring},
    {"SOL_PACKET", "PACKET_TX_RING", sizeof(tpacket_req), write_ring},
    {"SOL_PACKET", "PACKET_STATISTICS", sizeof(tpacket_stats), write_statistics},
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
  const uint32_t level = level_of(name);
  const auto group = option_group(level);
  if (!group) return nullptr;
  const std::string_view option_name = constant_name(*group, name.as_unsigned());
  if (group == ConstantGroup::SocketOption && std::ranges::count(kIntegers, option_name) > 0)
    return &kInteger;
  const std::string_view level_name = constant_name(ConstantGroup::OptionLevel, level);
  const auto* row = std::ranges::find_if(kOptions, [&](const Option& option) {
    return option.level == level_name && option.name == option_name;
  });
  const bool shown =
      row != std::end(kOptions) && (row->known == Known::ToStrace || !value.out.as_syscall());
  return shown ? row : nullptr;
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

// It may be shorter than we know it. strace then shows of some only where it was.
bool is_too_short(const Option& option, const Blob& value) {
  return value.bytes.size() < option.least_size && option.known == Known::ToStrace;
}

bool is_understood(const Option* option, const Blob& value) {
  return option != nullptr && value.bytes.size() >= option->least_size;
}

}  // namespace

void write_option_name(const Argument& argument) {
  const auto group = option_group(level_of(argument));
  if (group)
    argument.out.option_name(*group, argument.as_unsigned());
  else
    argument.out.number(argument.as_unsigned());
}

void write_option_in(const Argument& argument) {
  const auto value = argument.blob();
  if (!value) return argument.pointer();
  const Option* option = find_option(argument);
  if (option != nullptr && is_too_short(*option, *value)) return argument.pointer();
  if (!is_understood(option, *value)) return write_any_value(argument.out, *value);
  option->write(argument.out, value->bytes);
}

void write_option_out(const Argument& argument) {
  const auto value = argument.blob();
  const auto size = argument.next().read<int>();
  if (argument.call.failed() || !value || !size || *size <= 0) return argument.pointer();
  const Option* option = find_option(argument);
  if (option != nullptr && is_too_short(*option, *value))
    return argument.out.quoted_hex(value->bytes);
  if (!is_understood(option, *value)) return write_any_value(argument.out, *value);
  option->write(argument.out, value->bytes);
}

}  // namespace wireseam
