// SPDX-License-Identifier: Apache-2.0
// What the value of a socket option is made of is a row of a table (socket(7), ip(7), ipv6(7),
// tcp(7), netlink(7), packet(7)). An option without a row is a number if it is as long as an int or
// a char, else bytes.
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "tracer/trace/json/address.h"
#include "tracer/trace/json/control.h"
#include "tracer/trace/json/parameter.h"
#include "tracer/trace/socket_options.h"
#include "tracer/trace/tcp_info.h"

namespace wireseam::json {
namespace {

template <typename T>
Bytes bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

// Each is given at least as many bytes as its row says.

template <ConstantGroup group>
void write_named(JsonWriter& out, Bytes value) {
  write_constant(out, group, *read_at<uint32_t>(value));
}

void write_timeval(JsonWriter& out, Bytes value) { write_time(out, *read_at<timeval>(value)); }

void write_long(JsonWriter& out, Bytes value) { out.number(*read_at<uint64_t>(value)); }

// As long as the program's unsigned is, or as its unsigned long.
void write_rate(JsonWriter& out, Bytes value) {
  const auto rate = read_at<uint64_t>(value);
  out.number(rate ? *rate : *read_at<uint32_t>(value));
}

// 0 is no error.
void write_error(JsonWriter& out, Bytes value) {
  write_constant(out, ConstantGroup::Errno, *read_at<uint32_t>(value));
}

void write_linger(JsonWriter& out, Bytes value) {
  const auto linger = *read_at<struct linger>(value);
  const JsonObject object(out);
  out.key("l_onoff").number(linger.l_onoff);
  out.key("l_linger").number(linger.l_linger);
}

// struct ip_mreqn, of which ip_mreq is the beginning.
void write_group(JsonWriter& out, Bytes value) {
  const auto group = *read_at<ip_mreq>(value);
  const auto interface = read_at<int32_t>(value, offsetof(ip_mreqn, imr_ifindex));
  const JsonObject object(out);
  write_ip(out.key("imr_multiaddr"), bytes_of(group.imr_multiaddr));
  write_ip(out.key(interface ? "imr_address" : "imr_interface"), bytes_of(group.imr_interface));
  if (interface) out.key("imr_ifindex").number(*interface);
}

void write_group6(JsonWriter& out, Bytes value) {
  const auto group = *read_at<ipv6_mreq>(value);
  const JsonObject object(out);
  write_ip(out.key("ipv6mr_multiaddr"), bytes_of(group.ipv6mr_multiaddr));
  out.key("ipv6mr_interface").number(group.ipv6mr_interface);
}

void write_numbers(JsonWriter& out, Bytes value) {
  const JsonArray array(out);
  for (size_t at = 0; const auto number = read_at<uint32_t>(value, at); at += sizeof(uint32_t))
    out.number(*number);
}

void write_ring(JsonWriter& out, Bytes value) {
  const auto ring = *read_at<tpacket_req>(value);
  const JsonObject object(out);
  out.key("tp_block_size").number(ring.tp_block_size);
  out.key("tp_block_nr").number(ring.tp_block_nr);
  out.key("tp_frame_size").number(ring.tp_frame_size);
  out.key("tp_frame_nr").number(ring.tp_frame_nr);
}

void write_statistics(JsonWriter& out, Bytes value) {
  const auto statistics = *read_at<tpacket_stats>(value);
  const JsonObject object(out);
  out.key("tp_packets").number(statistics.tp_packets);
  out.key("tp_drops").number(statistics.tp_drops);
}

void write_filter(JsonWriter& out, Bytes value) {
  const auto program = *read_at<sock_fprog>(value);
  const JsonObject object(out);
  out.key("len").number(program.len);
  write_pointer(out.key("filter"), reinterpret_cast<uintptr_t>(program.filter));
}

void write_tcp_info(JsonWriter& out, Bytes value) {
  const TcpInfoHead head = tcp_info_head(value);
  const JsonObject object(out);
  write_constant(out.key("tcpi_state"), ConstantGroup::TcpState, head.state);
  write_constant(out.key("tcpi_ca_state"), ConstantGroup::TcpCongestionState, head.ca_state);
  out.key("tcpi_retransmits").number(head.retransmits);
  out.key("tcpi_probes").number(head.probes);
  out.key("tcpi_backoff").number(head.backoff);
  write_flags(out.key("tcpi_options"), ConstantGroup::TcpInfoOption, head.options);
  out.key("tcpi_snd_wscale").number(head.snd_wscale);
  out.key("tcpi_rcv_wscale").number(head.rcv_wscale);
  out.key("tcpi_delivery_rate_app_limited").number(head.delivery_rate_app_limited);
  out.key("tcpi_fastopen_client_fail").number(head.fastopen_client_fail);
  size_t offset = kTcpInfoHeadSize;
  for (const TcpInfoField& field : tcp_info_fields()) {
    if (offset + field.width > value.size()) break;
    out.key(field.name).number(tcp_info_value(value, offset, field));
    offset += field.width;
  }
}

struct Row {
  std::string_view level;
  std::string_view option;
  size_t least_size;
  void (*write)(JsonWriter& out, Bytes value);  // nullptr: only where it was
};

constexpr Row kRows[] = {
    {"SOL_SOCKET", "SO_LINGER", sizeof(linger), write_linger},
    {"SOL_SOCKET", "SO_PEERCRED", sizeof(ucred), write_credentials},
    {"SOL_SOCKET", "SO_ERROR", sizeof(int), write_error},
    {"SOL_SOCKET", "SO_TYPE", sizeof(int), write_named<ConstantGroup::SocketType>},
    {"SOL_SOCKET", "SO_DOMAIN", sizeof(int), write_named<ConstantGroup::AddressFamily>},
    {"SOL_SOCKET", "SO_TXREHASH", sizeof(int), write_named<ConstantGroup::TransmitRehash>},
    {"SOL_SOCKET", "SO_GET_FILTER", 0, nullptr},
    {"SOL_SOCKET", "SO_ATTACH_FILTER", sizeof(sock_fprog), write_filter},
    {"SOL_SOCKET", "SO_ATTACH_REUSEPORT_CBPF", sizeof(sock_fprog), write_filter},
    {"SOL_SOCKET", "SO_RCVTIMEO_OLD", sizeof(timeval), write_timeval},
    {"SOL_SOCKET", "SO_SNDTIMEO_OLD", sizeof(timeval), write_timeval},
    {"SOL_SOCKET", "SO_RCVTIMEO_NEW", sizeof(timeval), write_timeval},
    {"SOL_SOCKET", "SO_SNDTIMEO_NEW", sizeof(timeval), write_timeval},
    {"SOL_SOCKET", "SO_COOKIE", sizeof(uint64_t), write_long},
    {"SOL_SOCKET", "SO_NETNS_COOKIE", sizeof(uint64_t), write_long},
    {"SOL_SOCKET", "SO_MAX_PACING_RATE", sizeof(uint32_t), write_rate},
    {"SOL_SOCKET", "SO_BINDTODEVICE", 1, write_text_until_nul},
    {"SOL_SOCKET", "SO_PEERSEC", 1, write_text_until_nul},
    {"SOL_IP", "IP_ADD_MEMBERSHIP", sizeof(ip_mreq), write_group},
    {"SOL_IP", "IP_DROP_MEMBERSHIP", sizeof(ip_mreq), write_group},
    {"SOL_IPV6", "IPV6_ADD_MEMBERSHIP", sizeof(ipv6_mreq), write_group6},
    {"SOL_IPV6", "IPV6_DROP_MEMBERSHIP", sizeof(ipv6_mreq), write_group6},
    {"SOL_IPV6", "IPV6_JOIN_ANYCAST", sizeof(ipv6_mreq), write_group6},
    {"SOL_IPV6", "IPV6_LEAVE_ANYCAST", sizeof(ipv6_mreq), write_group6},
    {"SOL_TCP", "TCP_INFO", kTcpInfoHeadSize, write_tcp_info},
    {"SOL_TCP", "TCP_CONGESTION", 1, write_text_until_nul},
    {"SOL_TCP", "TCP_ULP", 1, write_text_until_nul},
    {"SOL_NETLINK", "NETLINK_LIST_MEMBERSHIPS", 0, write_numbers},
    {"SOL_PACKET", "PACKET_RX_RING", sizeof(tpacket_req), write_ring},
    {"SOL_PACKET", "PACKET_TX_RING", sizeof(tpacket_req), write_ring},
    {"SOL_PACKET", "PACKET_STATISTICS", sizeof(tpacket_stats), write_statistics},
};

// The row of the option that the arguments before this value name; nullptr for one without a row.
const Row* find_row(const Argument& value) {
  const auto group = option_group(value.call);
  if (!group) return nullptr;
  const std::string_view level_name =
      constant_name(ConstantGroup::OptionLevel, value.before(2).as_unsigned());
  const std::string_view option_name = constant_name(*group, value.before(1).as_unsigned());
  const auto* row = std::ranges::find_if(kRows, [&](const Row& each) {
    return each.level == level_name && each.option == option_name;
  });
  return row != std::end(kRows) ? row : nullptr;
}

}  // namespace

void write_socket_type(JsonWriter& out, uint32_t type) {
  constexpr uint32_t kTypeMask = 0xf;  // SOCK_TYPE_MASK of linux/net.h
  const JsonArray array(out);
  write_constant(out, ConstantGroup::SocketType, type & kTypeMask);
  append_flags(out, ConstantGroup::SocketFlag, type & ~kTypeMask);
}

void write_socket_protocol(JsonWriter& out, uint32_t domain, uint32_t protocol) {
  switch (domain) {
    case AF_INET:
    case AF_INET6:
      return write_constant(out, ConstantGroup::InetProtocol, protocol);
    case AF_NETLINK:
      return write_constant(out, ConstantGroup::NetlinkProtocol, protocol);
    case AF_BLUETOOTH:
      return write_constant(out, ConstantGroup::BluetoothProtocol, protocol);
    case AF_CAN:
      return write_constant(out, ConstantGroup::CanProtocol, protocol);
    case AF_PACKET:
      return write_constant(out, ConstantGroup::EthernetProtocol,
                            ntohs(static_cast<uint16_t>(protocol)));
    default:
      return out.number(protocol);
  }
}

void write_option_name(const Argument& argument) {
  const auto group = option_group(argument.call);
  if (group)
    write_option_constant(argument.out, *group, argument.as_unsigned());
  else
    argument.out.number(argument.as_unsigned());
}

void write_option(const Argument& argument) {
  const auto value = argument.blob();
  if (!value) return argument.pointer();
  const Row* row = find_row(argument);
  if (row != nullptr && row->write == nullptr) return argument.pointer();
  if (row != nullptr && value->bytes.size() >= row->least_size)
    return row->write(argument.out, value->bytes);
  if (value->total == sizeof(int32_t) && value->bytes.size() == sizeof(int32_t))
    return argument.out.number(*read_at<int32_t>(value->bytes));
  if (value->total == 1 && value->bytes.size() == 1)
    return argument.out.number(*read_at<uint8_t>(value->bytes));
  write_payload(argument.out, value->bytes, value->total);
}

}  // namespace wireseam::json
