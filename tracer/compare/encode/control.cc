// SPDX-License-Identifier: Apache-2.0
// Control messages: what the data of a type is made of is told by its shape.
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include <linux/errqueue.h>

#include "tracer/compare/encode/parameters.h"
#include "tracer/compare/encode/sockaddr.h"

namespace wireseam {
namespace {

using Bytes = std::vector<std::byte>;

constexpr size_t kMaxControl = 65'536;  // more than net.core.optmem_max allows by default

template <typename T>
void append(Bytes& out, const T& value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// An array of numbers, as wide as the room for them says; of times, three timespecs.
Bytes encode_array(ValueReader& reader, const LogValue& array, size_t room) {
  Bytes out;
  for (const LogValue& item : array.items) {
    if (item.kind == LogValue::Kind::Struct)
      append(out, timespec_of(reader, item));
    else if (room == array.items.size())
      append(out, static_cast<uint8_t>(reader.number(item)));
    else
      append(out, static_cast<uint32_t>(reader.number(item)));
  }
  return out;
}

Bytes encode_credentials(ValueReader& reader, const LogValue& data) {
  Bytes out;
  append(out, ucred{.pid = static_cast<pid_t>(reader.number(data, "pid")),
                    .uid = static_cast<uid_t>(reader.number(data, "uid")),
                    .gid = static_cast<gid_t>(reader.number(data, "gid"))});
  return out;
}

Bytes encode_time(ValueReader& reader, const LogValue& data) {
  Bytes out;
  if (data.field("tv_usec") != nullptr)
    append(out, timeval_of(reader, data));
  else
    append(out, timespec_of(reader, data));
  return out;
}

Bytes encode_packet_info(ValueReader& reader, const LogValue& data) {
  in_pktinfo info{};
  if (const LogValue* index = data.field("ipi_ifindex"))
    info.ipi_ifindex = static_cast<int>(reader.interface(*index));
  const auto address = [&](std::string_view field, in_addr& out) {
    const LogValue* value = data.field(field);
    if (value != nullptr) encode_inet(reader, *value, std::as_writable_bytes(std::span(&out, 1)));
  };
  address("ipi_spec_dst", info.ipi_spec_dst);
  address("ipi_addr", info.ipi_addr);
  Bytes out;
  append(out, info);
  return out;
}

Bytes encode_error(ValueReader& reader, const LogValue& data) {
  sock_extended_err error{};
  error.ee_errno = static_cast<uint32_t>(reader.flags(data, "ee_errno", {ConstantGroup::Errno}));
  error.ee_origin = static_cast<uint8_t>(reader.number(data, "ee_origin"));
  error.ee_type = static_cast<uint8_t>(reader.number(data, "ee_type"));
  error.ee_code = static_cast<uint8_t>(reader.number(data, "ee_code"));
  error.ee_info = static_cast<uint32_t>(reader.number(data, "ee_info"));
  error.ee_data = static_cast<uint32_t>(reader.number(data, "ee_data"));
  Bytes out;
  append(out, error);
  if (const LogValue* offender = data.field("offender")) {
    const auto address = encode_sockaddr(reader, *offender);
    out.insert(out.end(), address.begin(), address.end());
  }
  return out;
}

struct Shape {
  std::string_view first_field;
  Bytes (*encode)(ValueReader& reader, const LogValue& data);
};

constexpr Shape kShapes[] = {
    {"pid", encode_credentials},         {"tv_sec", encode_time},
    {"ipi_ifindex", encode_packet_info}, {"ee_errno", encode_error},
    {"sa_family", encode_sockaddr},
};

// No value for data that was not shown, or not in a way that is known.
std::optional<Bytes> encode_data(ValueReader& reader, const LogValue* data, size_t room) {
  if (data == nullptr) return room == 0 ? std::optional(Bytes{}) : std::nullopt;
  if (data->kind == LogValue::Kind::Array) return encode_array(reader, *data, room);
  if (data->kind == LogValue::Kind::String) {
    const auto bytes = std::as_bytes(std::span(data->bytes));
    return Bytes(bytes.begin(), bytes.end());
  }
  if (data->kind != LogValue::Kind::Struct || data->items.empty()) return std::nullopt;
  const auto* shape = std::ranges::find(kShapes, data->items.front().name, &Shape::first_field);
  if (shape == std::end(kShapes)) return std::nullopt;
  return shape->encode(reader, *data);
}

// struct cmsghdr without its flexible member.
struct ControlHeader {
  uint64_t length;
  int level;
  int type;
};
static_assert(sizeof(ControlHeader) == sizeof(cmsghdr));

ControlHeader encode_header(ValueReader& reader, const LogValue& message) {
  using enum ConstantGroup;
  return {.length = reader.number(message, "cmsg_len"),
          .level = static_cast<int>(reader.flags(message, "cmsg_level", {OptionLevel})),
          .type = static_cast<int>(reader.flags(message, "cmsg_type",
                                                {ControlType, IpControlType, IpOption, Ipv6Option,
                                                 TcpOption, UdpOption, SocketOption}))};
}

}  // namespace

std::vector<std::byte> encode_control(Encoding& encoding, const LogValue& messages) {
  ValueReader& reader = encoding.reader();
  Bytes all;
  for (const LogValue& message : messages.items) {
    all.resize(padded(all.size()));
    const ControlHeader header = encode_header(reader, message);
    const size_t size = std::max<uint64_t>(header.length, sizeof header) - sizeof header;
    const size_t room = std::min(size, kMaxControl);
    append(all, header);
    auto data = encode_data(reader, message.field("cmsg_data"), room);
    if (!data) encoding.mark_incomplete();
    Bytes bytes = std::move(data).value_or(Bytes{});
    bytes.resize(room);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  if (messages.cut) encoding.mark_incomplete();
  return all;
}

}  // namespace wireseam
