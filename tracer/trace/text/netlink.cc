// SPDX-License-Identifier: Apache-2.0
// One walk over the tables of netlink.h. The bytes may be anything: each length is checked against
// what is left, and what does not fit its table is shown as bytes.
#include "tracer/trace/text/netlink.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include <linux/netlink.h>

#include "tracer/trace/bytes.h"
#include "tracer/trace/netlink.h"
#include "tracer/trace/socket.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

void write_bytes(TextWriter& out, Bytes bytes) {
  const size_t shown = std::min(bytes.size(), out.options().string_limit);
  out.quoted_hex(bytes.first(shown));
  if (shown < bytes.size()) out.text("...");
}

uint64_t number_of(Bytes bytes) {
  uint64_t value = 0;
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return value;
}

int64_t signed_number_of(Bytes bytes) {
  if (bytes.size() == 4) return *read_at<int32_t>(bytes);
  return static_cast<int64_t>(number_of(bytes));
}

void write_flags(TextWriter& out, ConstantGroup group, uint64_t value) {
  const std::string_view name = value == 0 ? constant_name(group, 0) : std::string_view();
  if (!name.empty()) return out.text(name);
  out.flags(group, value);
}

void write_flags_comment(TextWriter& out, ConstantGroup group, uint64_t value) {
  out.hex(value);
  if (value == 0) return;
  out.text(" /* ");
  out.flag_list(group, value);
  out.text(" */");
}

void write_hardware(TextWriter& out, Bytes bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto value = std::to_integer<size_t>(bytes[i]);
    const std::array<char, 3> text{':', kDigits[value >> 4], kDigits[value & 15]};
    out.text(std::string_view(text.data(), text.size()).substr(i == 0 ? 1 : 0));
  }
}

// Text ends at its NUL, which is to be the last byte.
void write_text(TextWriter& out, Bytes bytes) {
  const bool terminated = !bytes.empty() && bytes.back() == std::byte{0};
  out.string(bytes.first(bytes.size() - (terminated ? 1 : 0)), bytes.size() - (terminated ? 1 : 0));
}

// A number, or what stands for one, in all of its bytes.
void write_value(TextWriter& out, NetlinkKind kind, ConstantGroup group, Bytes bytes) {
  using enum NetlinkKind;
  const uint64_t value = number_of(bytes);
  switch (kind) {
    case Unsigned:
      return out.number(value);
    case Signed:
      return out.decimal(signed_number_of(bytes));
    case Hex:
      return out.hex(value);
    case Constant:
      return out.constant(group, value);
    case Flags:
      return write_flags(out, group, value);
    case FlagsComment:
      return write_flags_comment(out, group, value);
    case Interface:
      return out.interface(static_cast<uint32_t>(value));
    case Port:
      out.text("htons(");
      out.number(ntohs(static_cast<uint16_t>(value)));
      return out.text(")");
    case Bytes:
    case Address:
    case Hardware:
    case Text:
    case Numbers:
    case Indexed:
    case SignedIndexed:
    case Bits:
    case Struct:
    case Attributes:
      return write_bytes(out, bytes);
  }
}

void write_numbers(TextWriter& out, Bytes bytes) {
  for (size_t at = 0; at + 4 <= bytes.size() && begin_element(out, at / 4); at += 4)
    out.number(*read_at<uint32_t>(bytes, at));
  out.text("]");
}

// [[DEVCONF_FORWARDING]=0, ...]
void write_indexed(TextWriter& out, const NetlinkAttribute& row, Bytes bytes) {
  const size_t count = bytes.size() / row.width;
  if (count == 0) return write_bytes(out, bytes);
  for (size_t i = 0; i < count && begin_element(out, i); ++i) {
    const std::string_view name = constant_name(row.group, i);
    out.text("[");
    if (name.empty()) {
      out.number(i);
      out.comment(unknown_name(row.group));
    } else {
      out.text(name);
    }
    out.text("]=");
    const Bytes item = bytes.subspan(i * row.width, row.width);
    if (row.kind == NetlinkKind::SignedIndexed)
      out.decimal(signed_number_of(item));
    else
      out.number(number_of(item));
  }
  out.text("]");
}

void write_bits(TextWriter& out, const NetlinkStruct& layout, Bytes bytes) {
  if (bytes.size() < layout.size) return write_bytes(out, bytes);
  const uint64_t value = number_of(bytes.first(layout.size));
  StructText text(out);
  for (const NetlinkField& bit : layout.fields) {
    const uint64_t set = value >> bit.offset & 1;
    if (set != 0 || !out.options().abbreviate) text.field(bit.name).number(set);
  }
}

bool is_address(int family, Bytes bytes) {
  return (family == AF_INET && bytes.size() >= sizeof(in_addr)) ||
         (family == AF_INET6 && bytes.size() >= sizeof(in6_addr));
}

// Of an attribute: inet_pton(AF_INET6, "::1"), without the name of a field.
void write_address(TextWriter& out, int family, Bytes bytes) {
  if (!is_address(family, bytes)) return write_bytes(out, bytes);
  if (family == AF_INET) return out.inet_address(bytes);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  out.text("inet_pton(AF_INET6, ");
  out.quoted_until_nul(std::as_bytes(std::span(text)));
  out.text(")");
}

void write_address_field(StructText& text, const NetlinkField& field, int family, Bytes bytes) {
  if (family == AF_INET6) return text.next().inet6_address(bytes, field.name);
  write_address(text.field(field.name), family, bytes);
}

void write_struct(TextWriter& out, const NetlinkStruct& layout, int family, Bytes bytes);

void write_field(StructText& text, const NetlinkField& field, int family, Bytes bytes) {
  using enum NetlinkKind;
  if (field.kind == Address) return write_address_field(text, field, family, bytes);
  TextWriter& out = text.field(field.name);
  if (field.kind == Struct) return write_struct(out, *field.layout, family, bytes);
  if (field.kind == Numbers) return write_numbers(out, bytes);
  write_value(out, field.kind, field.group, bytes);
}

void write_struct(TextWriter& out, const NetlinkStruct& layout, int family, Bytes bytes) {
  StructText text(out);
  for (const NetlinkField& field : layout.fields)
    if (field.offset + size_t{field.width} <= bytes.size())
      write_field(text, field, family, bytes.subspan(field.offset, field.width));
}

void write_attributes(TextWriter& out, const NetlinkAttributes& table, int family, Bytes bytes);

void write_attribute_value(TextWriter& out, const NetlinkAttribute& row, int family, Bytes bytes) {
  using enum NetlinkKind;
  switch (row.kind) {
    case Address:
      return write_address(out, row.width != 0 ? row.width : family, bytes);
    case Hardware:
      return write_hardware(out, bytes);
    case Text:
      return write_text(out, bytes);
    case Numbers:
      return write_numbers(out, bytes);
    case Indexed:
    case SignedIndexed:
      return write_indexed(out, row, bytes);
    case Bits:
      return write_bits(out, *row.layout, bytes);
    case Struct:
      if (bytes.size() < row.layout->size) return write_bytes(out, bytes);
      return write_struct(out, *row.layout, family, bytes);
    case Attributes:
      return write_attributes(out, *row.inner, family, bytes);
    case Bytes:
      return write_bytes(out, bytes);
    case Unsigned:
    case Signed:
    case Hex:
    case Constant:
    case Flags:
    case FlagsComment:
    case Interface:
    case Port:
      if (bytes.size() < row.width) return write_bytes(out, bytes);
      return write_value(out, row.kind, row.group, bytes.first(row.width));
  }
}

void write_attribute_header(TextWriter& out, const nlattr& header, const NetlinkAttributes& table,
                            const NetlinkAttribute* row) {
  StructText text(out);
  text.field("nla_len").number(header.nla_len);
  text.field("nla_type");
  if ((header.nla_type & NLA_F_NESTED) != 0) out.text("NLA_F_NESTED|");
  if ((header.nla_type & NLA_F_NET_BYTEORDER) != 0) out.text("NLA_F_NET_BYTEORDER|");
  if (row != nullptr) return out.text(row->name);
  out.hex(header.nla_type & NLA_TYPE_MASK);
  out.comment(table.unknown);
}

void write_attribute(TextWriter& out, const NetlinkAttributes& table, int family, Bytes bytes) {
  const auto header = *read_at<nlattr>(bytes);
  const NetlinkAttribute* row = table.find(header.nla_type & NLA_TYPE_MASK);
  const size_t size = std::min<size_t>(header.nla_len, bytes.size());
  if (size <= NLA_HDRLEN) return write_attribute_header(out, header, table, row);
  out.text("[");
  write_attribute_header(out, header, table, row);
  out.text(", ");
  const Bytes value = bytes.first(size).subspan(NLA_HDRLEN);
  if (row != nullptr)
    write_attribute_value(out, *row, family, value);
  else
    write_bytes(out, value);
  out.text("]");
}

size_t length_of(const nlattr& header) { return header.nla_len; }
size_t length_of(const nlmsghdr& header) { return header.nlmsg_len; }

// Items that begin with their own length, aligned: in brackets where there are several.
template <typename Header, typename WriteItem>
void write_chain(TextWriter& out, Bytes bytes, WriteItem write_item) {
  static_assert(NLA_ALIGNTO == NLMSG_ALIGNTO);
  bool several = false;
  for (size_t i = 0;; ++i) {
    const auto header = read_at<Header>(bytes);
    if (!header) {
      write_bytes(out, bytes);
      break;
    }
    if (out.options().abbreviate && i >= out.options().string_limit) {
      out.text("...");
      break;
    }
    const size_t length = length_of(*header);
    const size_t next = (length + NLMSG_ALIGNTO - 1) / NLMSG_ALIGNTO * NLMSG_ALIGNTO;
    const bool last = length < sizeof(Header) || next >= bytes.size();
    if (!last && !several) out.text("[");
    several |= !last;
    write_item(bytes);
    if (last) break;
    out.text(", ");
    bytes = bytes.subspan(next);
  }
  if (several) out.text("]");
}

void write_attributes(TextWriter& out, const NetlinkAttributes& table, int family, Bytes bytes) {
  write_chain<nlattr>(out, bytes, [&](Bytes item) { write_attribute(out, table, family, item); });
}

constexpr NetlinkAttribute kErrorRows[] = {
    {NLMSGERR_ATTR_MSG, "NLMSGERR_ATTR_MSG", NetlinkKind::Text},
    {NLMSGERR_ATTR_OFFS, "NLMSGERR_ATTR_OFFS", NetlinkKind::Unsigned, 4},
    {NLMSGERR_ATTR_COOKIE, "NLMSGERR_ATTR_COOKIE"},
    {NLMSGERR_ATTR_POLICY, "NLMSGERR_ATTR_POLICY"},
};
constexpr NetlinkAttributes kErrorAttributes{"NLMSGERR_ATTR_???", kErrorRows};

// NLM_F_REQUEST|NLM_F_DUMP: what all messages have, then what this one's kind makes of the rest.
void write_message_flags(TextWriter& out, const NetlinkMessage& message) {
  uint64_t common = 0;
  for (const Constant& flag : constants(ConstantGroup::NetlinkFlag)) common |= flag.value;
  const uint64_t rest = message.flags & ~common;
  const auto group = netlink_flags(message);
  if ((message.flags & common) == 0)
    return out.flags(group.value_or(ConstantGroup::NetlinkFlag), rest);
  out.flag_list(ConstantGroup::NetlinkFlag, message.flags & common);
  if (rest == 0) return;
  out.text("|");
  if (group)
    out.flag_list(*group, rest);
  else
    out.hex(rest);
}

void write_header(TextWriter& out, const nlmsghdr& header, const NetlinkMessage& message) {
  StructText text(out);
  text.field("nlmsg_len").number(header.nlmsg_len);
  text.field("nlmsg_type").constant(netlink_types(message), header.nlmsg_type);
  text.field("nlmsg_flags");
  write_message_flags(out, message);
  text.field("nlmsg_seq").number(header.nlmsg_seq);
  text.field("nlmsg_pid").decimal(static_cast<int32_t>(header.nlmsg_pid));
}

void write_family(TextWriter& out, Bytes bytes) {
  StructText text(out);
  text.field("family").constant(ConstantGroup::AddressFamily, number_of(bytes.first(1)));
  if (bytes.size() > 1) write_bytes(text.field("data"), bytes.subspan(1));
}

void write_short_header(TextWriter& out, const NetlinkStruct& layout, Bytes bytes) {
  const NetlinkField& family = layout.fields.front();
  StructText text(out);
  text.field(family.name).constant(family.group, number_of(bytes.first(1)));
  text.next().text("...");
}

// The family's header and its attributes.
void write_family_payload(TextWriter& out, const NetlinkPayload& payload, Bytes bytes) {
  const NetlinkStruct& header = *payload.header;
  if (bytes.size() < header.size) return write_short_header(out, header, bytes);
  const auto family = static_cast<int>(number_of(bytes.first(1)));
  write_struct(out, header, family, bytes.first(header.size));
  const size_t attributes = NLMSG_ALIGN(header.size);
  if (bytes.size() <= attributes) return;
  out.text(", ");
  write_attributes(out, *payload.attributes, family, bytes.subspan(attributes));
}

// An error quotes the message that it is about; an error in that one is quoted so deep, and no
// deeper: the bytes are the program's.
constexpr int kDeepestQuote = 16;
void write_message(TextWriter& out, int protocol, Bytes bytes, int depth);

void write_error_number(TextWriter& out, int32_t error) {
  const auto positive = static_cast<uint64_t>(-int64_t{error});
  const std::string_view name =
      error < 0 ? constant_name(ConstantGroup::Errno, positive) : std::string_view();
  if (name.empty()) return out.decimal(error);
  out.text("-");
  out.text(name);
}

void write_error(TextWriter& out, int protocol, bool capped, Bytes bytes, int depth) {
  if (bytes.size() < sizeof(nlmsgerr) || depth > kDeepestQuote) return write_bytes(out, bytes);
  const auto error = *read_at<nlmsgerr>(bytes);
  bytes = bytes.subspan(offsetof(nlmsgerr, msg));
  const size_t quoted = capped ? NLMSG_HDRLEN : std::max<size_t>(NLMSG_HDRLEN, error.msg.nlmsg_len);
  const size_t size = std::min(bytes.size(), quoted);
  const bool more = size < bytes.size();
  if (more) out.text("[");
  {
    StructText text(out);
    text.field("error");
    write_error_number(out, error.error);
    text.field("msg");
    write_message(out, protocol, bytes.first(size), depth + 1);
  }
  if (!more) return;
  out.text(", ");
  write_attributes(out, kErrorAttributes, AF_UNSPEC, bytes.subspan(size));
  out.text("]");
}

void write_payload(TextWriter& out, const NetlinkMessage& message, Bytes bytes, int depth) {
  if (message.type == NLMSG_ERROR)
    return write_error(out, message.protocol, (message.flags & NLM_F_CAPPED) != 0, bytes, depth);
  if (message.type == NLMSG_DONE && bytes.size() == sizeof(int))
    return out.decimal(*read_at<int32_t>(bytes));
  const bool has_family =
      message.protocol == NETLINK_ROUTE || message.protocol == NETLINK_SOCK_DIAG;
  if (message.type < NLMSG_MIN_TYPE || !has_family) return write_bytes(out, bytes);
  const auto payload = netlink_payload(message, static_cast<uint8_t>(number_of(bytes.first(1))));
  if (!payload) return write_family(out, bytes);
  write_family_payload(out, *payload, bytes);
}

// The first message of these bytes.
void write_message(TextWriter& out, int protocol, Bytes bytes, int depth) {
  const auto header = *read_at<nlmsghdr>(bytes);
  const NetlinkMessage message{protocol, header.nlmsg_type, header.nlmsg_flags};
  const size_t size = std::min<size_t>(header.nlmsg_len, bytes.size());
  if (size <= NLMSG_HDRLEN) return write_header(out, header, message);
  out.text("[");
  write_header(out, header, message);
  out.text(", ");
  write_payload(out, message, bytes.first(size).subspan(NLMSG_HDRLEN), depth);
  out.text("]");
}

}  // namespace

std::optional<int> netlink_protocol(const Argument& argument) {
  const Socket* socket = argument.out.socket(static_cast<int>(argument.call.arguments[0]));
  if (socket == nullptr || socket->domain != AF_NETLINK) return std::nullopt;
  return socket->protocol;
}

void write_netlink(TextWriter& out, int protocol, std::span<const std::byte> bytes,
                   uint64_t total) {
  write_chain<nlmsghdr>(out, bytes, [&](Bytes item) { write_message(out, protocol, item, 0); });
  if (total > bytes.size()) out.text("...");
}

}  // namespace wireseam
