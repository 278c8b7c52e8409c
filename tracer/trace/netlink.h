// SPDX-License-Identifier: Apache-2.0
// What netlink(7) carries, as tables: a structure is a list of fields, an attribute a row. Each is
// described once, for whoever reads or writes it: text, JSON, and the reader of strace's notation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "tracer/trace/constants.h"

namespace wireseam {

enum class NetlinkKind : uint8_t {
  Bytes,  // nothing is known of it
  Unsigned,
  Signed,
  Hex,
  Constant,
  Flags,
  FlagsComment,  // 0x3 /* RCV_SHUTDOWN|SEND_SHUTDOWN */: names that no header has
  Interface,
  Port,     // in the network's byte order
  Address,  // of the family that the message begins with
  Hardware,
  Text,
  Numbers,  // an array of 32 bits each
  Indexed,  // an array in which each place has a name of the group
  SignedIndexed,
  Bits,  // a structure whose offsets count bits; those that are set
  Struct,
  Attributes,
};

struct NetlinkStruct;
struct NetlinkAttributes;

struct NetlinkField {
  std::string_view name;
  uint16_t offset = 0;
  uint16_t width = 0;  // bytes
  NetlinkKind kind = NetlinkKind::Unsigned;
  ConstantGroup group{};
  const NetlinkStruct* layout = nullptr;  // of a Struct
};

struct NetlinkStruct {
  std::span<const NetlinkField> fields;  // those that newer kernels have lie behind `size`
  size_t size;                           // at least
};

struct NetlinkAttribute {
  uint16_t type;
  std::string_view name;
  NetlinkKind kind = NetlinkKind::Bytes;
  uint16_t width = 0;  // of a number: the least that is there
  ConstantGroup group{};
  const NetlinkStruct* layout = nullptr;
  const NetlinkAttributes* inner = nullptr;
};

struct NetlinkAttributes {
  std::string_view unknown;  // what one without a row is called
  std::span<const NetlinkAttribute> rows;

  const NetlinkAttribute* find(uint16_t type) const;
};

// What follows a message's header.
struct NetlinkPayload {
  const NetlinkStruct* header;
  const NetlinkAttributes* attributes;
};

// What tells how a message is to be read. `protocol` is that of the socket, -1 if not known.
struct NetlinkMessage {
  int protocol;
  uint16_t type;
  uint16_t flags;
};

// The names of a message's types, and of the flags that have a meaning only there.
ConstantGroup netlink_types(const NetlinkMessage& message);
std::optional<ConstantGroup> netlink_flags(const NetlinkMessage& message);

// No value for one that has no table. `family` is the payload's first byte.
std::optional<NetlinkPayload> netlink_payload(const NetlinkMessage& message, uint8_t family);

// netlink_route.cc, netlink_diag.cc
std::optional<NetlinkPayload> route_payload(uint16_t type);
std::optional<NetlinkPayload> diag_payload(const NetlinkMessage& message, uint8_t family);

}  // namespace wireseam
