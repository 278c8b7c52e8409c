// SPDX-License-Identifier: Apache-2.0
// Walks control messages whose lengths the program chose: a length below its header's or beyond the
// data ends the walk. What a type means is a row of a table, with the size that it needs at least.
#include "tracer/trace/text/control.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include <linux/errqueue.h>

#include "tracer/trace/bytes.h"
#include "tracer/trace/text/sockaddr.h"
#include "tracer/trace/text/time_value.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

template <typename T, typename Write>
void write_array(TextWriter& out, Bytes data, Write write) {
  out.text("[");
  for (size_t i = 0; i < data.size() / sizeof(T); ++i) {
    if (i > 0) out.text(", ");
    write(*read_at<T>(data, i * sizeof(T)));
  }
  out.text("]");
}

void write_rights(TextWriter& out, Bytes data) {
  for (size_t i = 0; i < data.size() / sizeof(int) && begin_element(out, i); ++i)
    out.descriptor(*read_at<int>(data, i * sizeof(int)));
  out.text("]");
}

void write_numbers(TextWriter& out, Bytes data) {
  write_array<uint32_t>(out, data, [&](uint32_t number) { out.number(number); });
}

void write_integers(TextWriter& out, Bytes data) {
  write_array<int>(out, data, [&](int number) { out.decimal(number); });
}

void write_small_integers(TextWriter& out, Bytes data) {
  write_array<uint16_t>(out, data, [&](uint16_t number) { out.number(number); });
}

void write_octets(TextWriter& out, Bytes data) {
  write_array<uint8_t>(out, data, [&](uint8_t octet) { out.hex(octet); });
}

void write_text(TextWriter& out, Bytes data) { out.quoted(data); }

// -1 stands for "none" in user and group ids.
void write_id(TextWriter& out, uint32_t id) {
  if (id == ~uint32_t{0}) return out.text("-1");
  out.number(id);
}

void write_credentials(TextWriter& out, Bytes data) {
  const auto credentials = *read_at<ucred>(data);
  StructText text(out);
  text.field("pid").decimal(credentials.pid);
  write_id(text.field("uid"), credentials.uid);
  write_id(text.field("gid"), credentials.gid);
}

// Of a time that the buffer had no room for, strace shows that it was there.
template <typename Time>
void write_timestamp(TextWriter& out, Bytes data) {
  const auto time = read_at<Time>(data);
  if (!time) return out.text("???");
  write_time(out, *time);
}

void write_timestamping(TextWriter& out, Bytes data) {
  if (data.size() < 3 * sizeof(timespec)) return out.text("???");
  write_array<timespec>(out, data.first(3 * sizeof(timespec)),
                        [&](const timespec& time) { write_time(out, time); });
}

void write_packet_info(TextWriter& out, Bytes data) {
  const auto info = *read_at<in_pktinfo>(data);
  StructText text(out);
  text.field("ipi_ifindex").interface(static_cast<uint32_t>(info.ipi_ifindex));
  text.field("ipi_spec_dst").inet_address(std::as_bytes(std::span(&info.ipi_spec_dst, 1)));
  text.field("ipi_addr").inet_address(std::as_bytes(std::span(&info.ipi_addr, 1)));
}

void write_packet_info6(TextWriter& out, Bytes data) {
  const auto info = *read_at<in6_pktinfo>(data);
  StructText text(out);
  text.next().inet6_address(std::as_bytes(std::span(&info.ipi6_addr, 1)), "ipi6_addr");
  text.field("ipi6_ifindex").interface(info.ipi6_ifindex);
}

void write_error(TextWriter& out, Bytes data) {
  const auto error = *read_at<sock_extended_err>(data);
  StructText text(out);
  text.field("ee_errno").number(error.ee_errno);
  text.field("ee_origin").number(error.ee_origin);
  text.field("ee_type").number(error.ee_type);
  text.field("ee_code").number(error.ee_code);
  text.field("ee_info").number(error.ee_info);
  text.field("ee_data").number(error.ee_data);
  write_sockaddr(text.field("offender"), data.subspan(sizeof error));
}

enum class Known : uint8_t { ToStrace, ToUsOnly };

struct Type {
  std::string_view level;
  std::string_view name;
  size_t least_size;
  void (*write)(TextWriter& out, Bytes data);
  Known known = Known::ToStrace;
};

constexpr Type kTypes[] = {
    {"SOL_SOCKET", "SCM_RIGHTS", sizeof(int), write_rights},
    {"SOL_SOCKET", "SCM_CREDENTIALS", sizeof(ucred), write_credentials},
    {"SOL_SOCKET", "SCM_SECURITY", 1, write_text},
    {"SOL_SOCKET", "SCM_PIDFD", sizeof(int), write_rights, Known::ToUsOnly},
    {"SOL_SOCKET", "SO_TIMESTAMP_OLD", 1, write_timestamp<timeval>},
    {"SOL_SOCKET", "SO_TIMESTAMPNS_OLD", 1, write_timestamp<timespec>},
    {"SOL_SOCKET", "SO_TIMESTAMPING_OLD", 1, write_timestamping},
    {"SOL_SOCKET", "SO_TIMESTAMP_NEW", 1, write_timestamp<timeval>},
    {"SOL_SOCKET", "SO_TIMESTAMPNS_NEW", 1, write_timestamp<timespec>},
    {"SOL_SOCKET", "SO_TIMESTAMPING_NEW", 1, write_timestamping},
    {"SOL_SOCKET", "SO_RXQ_OVFL", sizeof(int), write_numbers, Known::ToUsOnly},
    {"SOL_IP", "SCM_SECURITY", 1, write_text},
    {"SOL_IP", "IP_PKTINFO", sizeof(in_pktinfo), write_packet_info},
    {"SOL_IP", "IP_TTL", sizeof(int), write_numbers},
    {"SOL_IP", "IP_TOS", 1, write_octets},
    {"SOL_IP", "IP_RECVOPTS", 1, write_octets},
    {"SOL_IP", "IP_RETOPTS", 1, write_octets},
    {"SOL_IP", "IP_RECVERR", sizeof(sock_extended_err) + sizeof(sockaddr_in), write_error},
    {"SOL_IP", "IP_ORIGDSTADDR", sizeof(sockaddr_in), write_sockaddr},
    {"SOL_IP", "IP_CHECKSUM", sizeof(int), write_numbers},
    {"SOL_IPV6", "IPV6_PKTINFO", sizeof(in6_pktinfo), write_packet_info6, Known::ToUsOnly},
    {"SOL_IPV6", "IPV6_HOPLIMIT", sizeof(int), write_integers, Known::ToUsOnly},
    {"SOL_IPV6", "IPV6_TCLASS", sizeof(int), write_integers, Known::ToUsOnly},
    {"SOL_IPV6", "IPV6_RECVERR", sizeof(sock_extended_err) + sizeof(sockaddr_in6), write_error,
     Known::ToUsOnly},
    {"SOL_TCP", "TCP_INQ", sizeof(int), write_integers, Known::ToUsOnly},
    {"SOL_UDP", "UDP_SEGMENT", sizeof(uint16_t), write_small_integers, Known::ToUsOnly},
    {"SOL_UDP", "UDP_GRO", sizeof(int), write_integers, Known::ToUsOnly},
};

// struct cmsghdr without the data behind it, which has no place in a value.
struct ControlHeader {
  uint64_t length;
  int level;
  int type;
};
static_assert(sizeof(ControlHeader) == sizeof(cmsghdr));

struct ControlMessage {
  uint64_t length;  // as the program or the kernel has it
  uint32_t level;
  uint32_t type;
  Bytes data;  // as far as it is there
};

ConstantGroup types_at(uint32_t level) {
  if (level == SOL_SOCKET) return ConstantGroup::ControlType;
  return level == SOL_IP ? ConstantGroup::IpControlType
                         : option_group(level).value_or(ConstantGroup::ControlType);
}

// strace names the types of two levels only.
bool names_types(const TextWriter& out, uint32_t level) {
  if (level == SOL_SOCKET || level == SOL_IP) return true;
  return !out.as_syscall() && option_group(level).has_value();
}

void write_data(TextWriter& out, StructText& text, const ControlMessage& message) {
  const std::string_view level = constant_name(ConstantGroup::OptionLevel, message.level);
  const std::string_view name = constant_name(types_at(message.level), message.type);
  const auto* type = std::ranges::find_if(
      kTypes, [&](const Type& row) { return row.level == level && row.name == name; });
  const bool known = type != std::end(kTypes) && message.data.size() >= type->least_size &&
                     (type->known == Known::ToStrace || !out.as_syscall());
  if (known)
    type->write(text.field("cmsg_data"), message.data);
  else if (!message.data.empty() && !out.as_syscall())
    text.field("cmsg_data").quoted_hex(message.data);
}

void write_control_message(TextWriter& out, const ControlMessage& message) {
  StructText text(out);
  text.field("cmsg_len").number(message.length);
  text.field("cmsg_level").constant(ConstantGroup::OptionLevel, message.level, "SOL_???");
  text.field("cmsg_type");
  if (names_types(out, message.level))
    out.option_name(types_at(message.level), message.type);
  else
    out.hex(message.type);
  write_data(out, text, message);
}

ControlMessage first_message(Bytes bytes) {
  const auto header = *read_at<ControlHeader>(bytes);
  const size_t end = std::min<size_t>(header.length, bytes.size());
  return {
      .length = header.length,
      .level = static_cast<uint32_t>(header.level),
      .type = static_cast<uint32_t>(header.type),
      .data = end > sizeof header ? bytes.subspan(sizeof header, end - sizeof header) : Bytes{}};
}

// How far the next message is: 0 where this one's length can't be believed.
size_t step(const ControlMessage& message, size_t size) {
  if (message.length < sizeof(cmsghdr)) return 0;
  const uint64_t aligned = (std::min<uint64_t>(message.length, size) + 7) & ~uint64_t{7};
  return std::min<size_t>(aligned, size);
}

}  // namespace

void write_control(TextWriter& out, const ControlData& control) {
  if (control.bytes.size() < sizeof(cmsghdr)) return out.pointer(control.address);
  Bytes rest = control.bytes;
  out.text("[");
  while (rest.size() >= sizeof(cmsghdr)) {
    if (rest.size() != control.bytes.size()) out.text(", ");
    const ControlMessage message = first_message(rest);
    write_control_message(out, message);
    const size_t next = step(message, rest.size());
    rest = rest.subspan(next == 0 ? sizeof(cmsghdr) : next);
    if (next == 0) break;
  }
  if (!rest.empty()) {
    out.text(", ... /* ");
    out.hex(control.address + (control.bytes.size() - rest.size()));
    out.text(" */");
  } else if (control.bytes.size() < control.total) {
    out.text(", ...");
  }
  out.text("]");
}

}  // namespace wireseam
