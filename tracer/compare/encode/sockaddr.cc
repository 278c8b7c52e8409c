// SPDX-License-Identifier: Apache-2.0
// One function a family: the inverse of tracer/trace/text/sockaddr.cc.
#include "tracer/compare/encode/sockaddr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>

namespace wireseam {
namespace {

using Bytes = std::vector<std::byte>;

template <typename Address>
Bytes bytes_of(const Address& address) {
  const auto bytes = std::as_bytes(std::span(&address, 1));
  return {bytes.begin(), bytes.end()};
}

uint16_t port(ValueReader& reader, const LogValue& address, std::string_view field,
              std::initializer_list<ConstantGroup> groups = {}) {
  const LogValue* value = address.field(field);
  return value != nullptr ? htons(static_cast<uint16_t>(reader.call_argument(*value, groups))) : 0;
}

template <typename Array>
void copy_text(const std::string& text, Array& out) {
  std::memcpy(out, text.data(), std::min(text.size(), sizeof out));
}

Bytes encode_unix(ValueReader& reader, const LogValue& address) {
  sockaddr_un out{.sun_family = AF_UNIX, .sun_path = {}};
  const LogValue* path = address.field("sun_path");
  if (path == nullptr) return bytes_of(out.sun_family);
  if (path->kind != LogValue::Kind::String) reader.fail("sun_path is no string");
  const std::string text = path->abstract ? '\0' + path->bytes : path->bytes + '\0';
  copy_text(text, out.sun_path);
  Bytes bytes = bytes_of(out);
  bytes.resize(std::min(bytes.size(), offsetof(sockaddr_un, sun_path) + text.size()));
  return bytes;
}

Bytes encode_inet_address(ValueReader& reader, const LogValue& address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = port(reader, address, "sin_port");
  if (const LogValue* value = address.field("sin_addr"))
    encode_inet(reader, *value, std::as_writable_bytes(std::span(&out.sin_addr, 1)));
  return bytes_of(out);
}

Bytes encode_inet6_address(ValueReader& reader, const LogValue& address) {
  sockaddr_in6 out{};
  out.sin6_family = AF_INET6;
  out.sin6_port = port(reader, address, "sin6_port");
  if (const LogValue* value = address.field("sin6_flowinfo"))
    out.sin6_flowinfo = htonl(static_cast<uint32_t>(reader.call_argument(*value)));
  encode_inet6(reader, address, std::as_writable_bytes(std::span(&out.sin6_addr, 1)));
  Bytes bytes = bytes_of(out);
  const LogValue* scope = address.field("sin6_scope_id");
  if (scope == nullptr) {
    bytes.resize(offsetof(sockaddr_in6, sin6_scope_id));
    return bytes;
  }
  out.sin6_scope_id = reader.interface(*scope);
  return bytes_of(out);
}

Bytes encode_netlink(ValueReader& reader, const LogValue& address) {
  sockaddr_nl out{};
  out.nl_family = AF_NETLINK;
  out.nl_pad = static_cast<uint16_t>(reader.number(address, "nl_pad"));
  out.nl_pid = static_cast<uint32_t>(reader.number(address, "nl_pid"));
  out.nl_groups = static_cast<uint32_t>(reader.number(address, "nl_groups"));
  return bytes_of(out);
}

Bytes encode_packet(ValueReader& reader, const LogValue& address) {
  sockaddr_ll out{};
  out.sll_family = AF_PACKET;
  out.sll_protocol = port(reader, address, "sll_protocol", {ConstantGroup::EthernetProtocol});
  if (const LogValue* index = address.field("sll_ifindex"))
    out.sll_ifindex = static_cast<int>(reader.interface(*index));
  out.sll_hatype =
      static_cast<uint16_t>(reader.flags(address, "sll_hatype", {ConstantGroup::ArpHardware}));
  out.sll_pkttype =
      static_cast<uint8_t>(reader.flags(address, "sll_pkttype", {ConstantGroup::PacketType}));
  out.sll_halen = static_cast<uint8_t>(reader.number(address, "sll_halen"));
  const LogValue* hardware = address.field("sll_addr");
  for (size_t i = 0;
       hardware != nullptr && i < std::min(hardware->items.size(), sizeof out.sll_addr); ++i)
    out.sll_addr[i] = static_cast<uint8_t>(reader.number(hardware->items[i]));
  return bytes_of(out);
}

Bytes encode_vsock(ValueReader& reader, const LogValue& address) {
  sockaddr_vm out{};
  out.svm_family = AF_VSOCK;
  out.svm_reserved1 = static_cast<uint16_t>(reader.number(address, "svm_reserved1"));
  out.svm_cid = static_cast<uint32_t>(reader.flags(address, "svm_cid", {ConstantGroup::VsockCid}));
  out.svm_port =
      static_cast<uint32_t>(reader.flags(address, "svm_port", {ConstantGroup::VsockPort}));
  out.svm_flags =
      static_cast<uint8_t>(reader.flags(address, "svm_flags", {ConstantGroup::VsockFlag}));
  return bytes_of(out);
}

Bytes encode_alg(ValueReader& reader, const LogValue& address) {
  sockaddr_alg out{};
  out.salg_family = AF_ALG;
  out.salg_feat = static_cast<uint32_t>(reader.number(address, "salg_feat"));
  out.salg_mask = static_cast<uint32_t>(reader.number(address, "salg_mask"));
  if (const LogValue* type = address.field("salg_type")) copy_text(type->bytes, out.salg_type);
  if (const LogValue* name = address.field("salg_name")) copy_text(name->bytes, out.salg_name);
  return bytes_of(out);
}

// What strace shows as bytes, whatever its family.
Bytes encode_raw(uint16_t family, const LogValue* data) {
  Bytes bytes = bytes_of(family);
  if (data == nullptr) return bytes;
  const auto rest = std::as_bytes(std::span(data->bytes));
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

struct Family {
  uint16_t number;
  Bytes (*encode)(ValueReader& reader, const LogValue& address);
};

constexpr Family kFamilies[] = {
    {AF_UNIX, encode_unix},       {AF_INET, encode_inet_address}, {AF_INET6, encode_inet6_address},
    {AF_NETLINK, encode_netlink}, {AF_PACKET, encode_packet},     {AF_ALG, encode_alg},
    {AF_VSOCK, encode_vsock},
};

}  // namespace

void encode_inet(ValueReader& reader, const LogValue& address, std::span<std::byte> out) {
  const bool called = address.kind == LogValue::Kind::Call && address.items.size() == 1;
  if (called && inet_pton(AF_INET, address.items.front().bytes.c_str(), out.data()) == 1) return;
  reader.fail("no IPv4 address");
}

void encode_inet6(ValueReader& reader, const LogValue& structure, std::span<std::byte> out) {
  const auto call = std::ranges::find(structure.items, "inet_pton", &LogValue::word);
  const bool called = call != structure.items.end() && call->items.size() > 1;
  if (called && inet_pton(AF_INET6, call->items[1].bytes.c_str(), out.data()) == 1) return;
  reader.fail("no IPv6 address");
}

Bytes encode_sockaddr(ValueReader& reader, const LogValue& address) {
  const LogValue* data = address.field("sa_data");
  const auto number =
      static_cast<uint16_t>(reader.flags(address, "sa_family", {ConstantGroup::AddressFamily}));
  const auto* family = std::ranges::find(kFamilies, number, &Family::number);
  const bool bare = address.items.size() < 2;
  if (data != nullptr || bare || family == std::end(kFamilies)) return encode_raw(number, data);
  return family->encode(reader, address);
}

}  // namespace wireseam
