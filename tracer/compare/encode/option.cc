// SPDX-License-Identifier: Apache-2.0
// Options of sockets. What a value is made of is told by its first field, or by how many numbers
// stand in its length.
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "tracer/compare/encode/parameters.h"
#include "tracer/compare/encode/sockaddr.h"
#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

using Bytes = std::vector<std::byte>;

template <typename T>
Bytes bytes_of(const T& value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  return {bytes.begin(), bytes.end()};
}

Bytes encode_linger(ValueReader& reader, const LogValue& value) {
  return bytes_of(linger{.l_onoff = static_cast<int>(reader.number(value, "l_onoff")),
                         .l_linger = static_cast<int>(reader.number(value, "l_linger"))});
}

Bytes encode_credentials(ValueReader& reader, const LogValue& value) {
  return bytes_of(ucred{.pid = static_cast<pid_t>(reader.number(value, "pid")),
                        .uid = static_cast<uid_t>(reader.number(value, "uid")),
                        .gid = static_cast<gid_t>(reader.number(value, "gid"))});
}

Bytes encode_time(ValueReader& reader, const LogValue& value) {
  return bytes_of(timeval_of(reader, value));
}

Bytes encode_group(ValueReader& reader, const LogValue& value) {
  ip_mreq group{};
  const auto address = [&](std::string_view field, in_addr& out) {
    const LogValue* inet = value.field(field);
    if (inet != nullptr) encode_inet(reader, *inet, std::as_writable_bytes(std::span(&out, 1)));
  };
  address("imr_multiaddr", group.imr_multiaddr);
  address("imr_interface", group.imr_interface);
  return bytes_of(group);
}

Bytes encode_group6(ValueReader& reader, const LogValue& value) {
  ipv6_mreq group{};
  encode_inet6(reader, value, std::as_writable_bytes(std::span(&group.ipv6mr_multiaddr, 1)));
  if (const LogValue* index = value.field("ipv6mr_interface"))
    group.ipv6mr_interface = reader.interface(*index);
  return bytes_of(group);
}

Bytes encode_ring(ValueReader& reader, const LogValue& value) {
  const auto number = [&](std::string_view field) {
    return static_cast<unsigned>(reader.number(value, field));
  };
  return bytes_of(tpacket_req{.tp_block_size = number("tp_block_size"),
                              .tp_block_nr = number("tp_block_nr"),
                              .tp_frame_size = number("tp_frame_size"),
                              .tp_frame_nr = number("tp_frame_nr")});
}

Bytes encode_statistics(ValueReader& reader, const LogValue& value) {
  return bytes_of(
      tpacket_stats{.tp_packets = static_cast<unsigned>(reader.number(value, "tp_packets")),
                    .tp_drops = static_cast<unsigned>(reader.number(value, "tp_drops"))});
}

Bytes encode_filter(ValueReader& reader, const LogValue& value) {
  const LogValue* filter = value.field("filter");
  const bool shown = filter != nullptr && filter->kind == LogValue::Kind::Word;
  const uint64_t address = shown ? reader.number(*filter) : kFollowedPointer;
  return bytes_of(sock_fprog{.len = static_cast<uint16_t>(reader.number(value, "len")),
                             .filter = reinterpret_cast<sock_filter*>(address)});
}

struct Shape {
  std::string_view first_field;  // of inet_pton(...), which has none: empty
  Bytes (*encode)(ValueReader& reader, const LogValue& value);
};

constexpr Shape kShapes[] = {
    {"l_onoff", encode_linger},        {"pid", encode_credentials}, {"tv_sec", encode_time},
    {"imr_multiaddr", encode_group},   {"", encode_group6},         {"tp_block_size", encode_ring},
    {"tp_packets", encode_statistics}, {"len", encode_filter},
};

// [1], [ENOENT], [1, 2, 3]: each an int, unless the length has room for longer ones.
Bytes encode_numbers(ValueReader& reader, const LogValue& array, uint64_t length) {
  constexpr size_t kWide = sizeof(uint64_t);
  const bool wide = !array.items.empty() && length / array.items.size() >= kWide;
  Bytes bytes;
  for (const LogValue& item : array.items) {
    const uint64_t number =
        reader.flags(item, {ConstantGroup::Errno, ConstantGroup::TransmitRehash});
    const Bytes next = wide ? bytes_of(number) : bytes_of(static_cast<uint32_t>(number));
    bytes.insert(bytes.end(), next.begin(), next.end());
  }
  return bytes;
}

// The length behind the value: of an option that was asked for, what the kernel made of it.
uint64_t length_of(Encoding& encoding, size_t parameter) {
  const LogValue* length = encoding.value(parameter);
  if (length == nullptr) return 0;
  if (length->kind != LogValue::Kind::Array) return number_of(length->word).value_or(0);
  if (length->items.empty()) return 0;
  const LogValue& item = length->items.front();
  return encoding.reader().number(item.after.empty() ? item : item.after.front());
}

// No value for a structure that is not known.
std::optional<Bytes> encode_value(ValueReader& reader, const LogValue& value, uint64_t length) {
  if (value.kind == LogValue::Kind::Array) return encode_numbers(reader, value, length);
  if (value.kind == LogValue::Kind::String) {
    const auto bytes = std::as_bytes(std::span(value.bytes));
    return Bytes(bytes.begin(), bytes.end());
  }
  if (value.kind != LogValue::Kind::Struct || value.items.empty()) return std::nullopt;
  const auto* shape = std::ranges::find(kShapes, value.items.front().name, &Shape::first_field);
  if (shape == std::end(kShapes)) return std::nullopt;
  return shape->encode(reader, value);
}

}  // namespace

// Of a level that has no table strace knows no names.
void encode_option_name(Encoding& encoding, size_t parameter) {
  const LogValue* value = encoding.value(parameter);
  if (value == nullptr) return;
  ValueReader& reader = encoding.reader();
  const auto group = option_group(encoding.argument(parameter - 1));
  if (!group) return encoding.set_argument(parameter, reader.number(*value));
  using enum ConstantGroup;
  encoding.set_argument(parameter,
                        reader.flags(*value, {*group, SocketOptionGet, IpOptionGet, IpOptionSet,
                                              Ipv6OptionGet, Ipv6OptionSet}));
}

void encode_option_value(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& value = *encoding.value(parameter);
  const uint64_t length = length_of(encoding, parameter + 1);
  const auto bytes = encode_value(encoding.reader(), value, length);
  if (!bytes) return encoding.mark_incomplete();
  encoding.add(parameter, BlobPart::Value, *bytes, value.cut ? length : bytes->size());
}

}  // namespace wireseam
