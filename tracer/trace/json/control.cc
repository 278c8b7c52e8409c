// SPDX-License-Identifier: Apache-2.0
// What a control message's data is made of is a row of a table; without a row it is a number if it
// is as long as an int, else bytes.
#include "tracer/trace/json/control.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "tracer/trace/bytes.h"
#include "tracer/trace/control_message.h"
#include "tracer/trace/json/address.h"

namespace wireseam::json {
namespace {

template <typename T>
Bytes bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

// Each is given at least as many bytes as its row says.

void write_descriptors(JsonWriter& out, Bytes data) {
  const JsonArray array(out);
  for (size_t at = 0; const auto fd = read_at<int32_t>(data, at); at += sizeof(int32_t))
    out.number(*fd);
}

void write_timeval(JsonWriter& out, Bytes data) { write_time(out, *read_at<timeval>(data)); }
void write_timespec(JsonWriter& out, Bytes data) { write_time(out, *read_at<timespec>(data)); }

void write_timespecs(JsonWriter& out, Bytes data) {
  const JsonArray array(out);
  for (size_t at = 0; const auto time = read_at<timespec>(data, at); at += sizeof(timespec))
    write_time(out, *time);
}

void write_packet_info(JsonWriter& out, Bytes data) {
  const auto info = *read_at<in_pktinfo>(data);
  const JsonObject object(out);
  out.key("ipi_ifindex").number(info.ipi_ifindex);
  write_ip(out.key("ipi_spec_dst"), bytes_of(info.ipi_spec_dst));
  write_ip(out.key("ipi_addr"), bytes_of(info.ipi_addr));
}

void write_packet_info6(JsonWriter& out, Bytes data) {
  const auto info = *read_at<in6_pktinfo>(data);
  const JsonObject object(out);
  write_ip(out.key("ipi6_addr"), bytes_of(info.ipi6_addr));
  out.key("ipi6_ifindex").number(info.ipi6_ifindex);
}

void write_error(JsonWriter& out, Bytes data) {
  const auto error = *read_at<sock_extended_err>(data);
  const JsonObject object(out);
  write_constant(out.key("ee_errno"), ConstantGroup::Errno, error.ee_errno);
  out.key("ee_origin").number(error.ee_origin);
  out.key("ee_type").number(error.ee_type);
  out.key("ee_code").number(error.ee_code);
  out.key("ee_info").number(error.ee_info);
  out.key("ee_data").number(error.ee_data);
  write_address(out.key("offender"), data.subspan(sizeof error));
}

void write_octet(JsonWriter& out, Bytes data) { out.number(*read_at<uint8_t>(data)); }
void write_short(JsonWriter& out, Bytes data) { out.number(*read_at<uint16_t>(data)); }

struct Row {
  std::string_view level;
  std::string_view type;
  size_t least_size;
  void (*write)(JsonWriter& out, Bytes data);
};

constexpr Row kRows[] = {
    {"SOL_SOCKET", "SCM_RIGHTS", 0, write_descriptors},
    {"SOL_SOCKET", "SCM_CREDENTIALS", sizeof(ucred), write_credentials},
    {"SOL_SOCKET", "SO_TIMESTAMP_OLD", sizeof(timeval), write_timeval},
    {"SOL_SOCKET", "SO_TIMESTAMPNS_OLD", sizeof(timespec), write_timespec},
    {"SOL_SOCKET", "SO_TIMESTAMPING_OLD", sizeof(timespec), write_timespecs},
    {"SOL_SOCKET", "SO_TIMESTAMP_NEW", sizeof(timeval), write_timeval},
    {"SOL_SOCKET", "SO_TIMESTAMPNS_NEW", sizeof(timespec), write_timespec},
    {"SOL_SOCKET", "SO_TIMESTAMPING_NEW", sizeof(timespec), write_timespecs},
    {"SOL_IP", "IP_PKTINFO", sizeof(in_pktinfo), write_packet_info},
    {"SOL_IP", "IP_RECVERR", sizeof(sock_extended_err), write_error},
    {"SOL_IP", "IP_ORIGDSTADDR", sizeof(sockaddr_in), write_address},
    {"SOL_IP", "IP_TOS", sizeof(uint8_t), write_octet},
    {"SOL_IPV6", "IPV6_PKTINFO", sizeof(in6_pktinfo), write_packet_info6},
    {"SOL_IPV6", "IPV6_RECVERR", sizeof(sock_extended_err), write_error},
    {"SOL_IPV6", "IPV6_ORIGDSTADDR", sizeof(sockaddr_in6), write_address},
    {"SOL_UDP", "UDP_SEGMENT", sizeof(uint16_t), write_short},
};

void write_data(JsonWriter& out, const ControlMessage& message, std::string_view level,
                std::string_view type) {
  const auto* row = std::ranges::find_if(
      kRows, [&](const Row& each) { return each.level == level && each.type == type; });
  if (row != std::end(kRows) && message.data.size() >= row->least_size)
    return row->write(out, message.data);
  const auto number = read_at<int32_t>(message.data);
  if (number && message.data.size() == sizeof *number) return out.number(*number);
  write_payload(out, message.data, message.length - sizeof(cmsghdr));
}

ConstantGroup types_at(uint32_t level) {
  if (level == SOL_SOCKET) return ConstantGroup::ControlType;
  if (level == SOL_IP) return ConstantGroup::IpControlType;
  return option_group(level).value_or(ConstantGroup::ControlType);
}

void write_control_message(JsonWriter& out, const ControlMessage& message) {
  const auto level = static_cast<uint32_t>(message.level);
  const auto type = static_cast<uint32_t>(message.type);
  const JsonObject object(out);
  out.key("cmsg_len").number(message.length);
  write_constant(out.key("cmsg_level"), ConstantGroup::OptionLevel, level);
  write_option_constant(out.key("cmsg_type"), types_at(level), type);
  write_data(out.key("cmsg_data"), message, constant_name(ConstantGroup::OptionLevel, level),
             constant_name(types_at(level), type));
}

}  // namespace

void write_credentials(JsonWriter& out, Bytes value) {
  const auto credentials = *read_at<ucred>(value);
  const JsonObject object(out);
  out.key("pid").number(credentials.pid);
  out.key("uid").number(credentials.uid);
  out.key("gid").number(credentials.gid);
}

void write_control(JsonWriter& out, Bytes control) {
  const JsonArray array(out);
  while (const auto message = next_control_message(control)) write_control_message(out, *message);
}

}  // namespace wireseam::json
