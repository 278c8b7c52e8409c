// SPDX-License-Identifier: Apache-2.0
// ip(7), ipv6(7), unix(7), netlink(7), packet(7), vsock(7).
#include "tracer/trace/json/address.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>

#include "tracer/trace/bytes.h"

namespace wireseam::json {
namespace {

template <typename T>
Bytes bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

// Each writes the rest of an object whose family is written, or says that the bytes don't do.

bool write_inet(JsonWriter& out, Bytes bytes) {
  const auto address = read_at<sockaddr_in>(bytes);
  if (!address) return false;
  write_ip(out.key("address"), bytes_of(address->sin_addr));
  out.key("port").number(ntohs(address->sin_port));
  return true;
}

bool write_inet6(JsonWriter& out, Bytes bytes) {
  const auto address = read_at<sockaddr_in6>(bytes);
  if (!address) return false;
  write_ip(out.key("address"), bytes_of(address->sin6_addr));
  out.key("port").number(ntohs(address->sin6_port));
  out.key("flowinfo").number(ntohl(address->sin6_flowinfo));
  out.key("scope_id").number(address->sin6_scope_id);
  return true;
}

// The length tells an abstract name's end, a NUL a path's; an unnamed socket has neither.
bool write_unix(JsonWriter& out, Bytes bytes) {
  const Bytes name = bytes.subspan(offsetof(sockaddr_un, sun_path));
  if (name.empty()) return true;
  if (name[0] != std::byte{0})
    write_text_until_nul(out.key("path"), name);
  else if (name.size() > 1)
    write_text(out.key("abstract"), name.subspan(1), name.size() - 1);
  return true;
}

bool write_netlink(JsonWriter& out, Bytes bytes) {
  const auto address = read_at<sockaddr_nl>(bytes);
  if (!address) return false;
  out.key("pid").number(address->nl_pid);
  out.key("groups").number(address->nl_groups);
  return true;
}

bool write_packet(JsonWriter& out, Bytes bytes) {
  if (bytes.size() < offsetof(sockaddr_ll, sll_addr)) return false;
  sockaddr_ll address{};
  std::memcpy(&address, bytes.data(), std::min(bytes.size(), sizeof address));
  write_constant(out.key("protocol"), ConstantGroup::EthernetProtocol, ntohs(address.sll_protocol));
  out.key("ifindex").number(address.sll_ifindex);
  write_constant(out.key("hatype"), ConstantGroup::ArpHardware, address.sll_hatype);
  write_constant(out.key("pkttype"), ConstantGroup::PacketType, address.sll_pkttype);
  const size_t size = std::min<size_t>(address.sll_halen, sizeof address.sll_addr);
  write_hardware_address(out.key("address"), bytes_of(address.sll_addr).first(size));
  return true;
}

bool write_vsock(JsonWriter& out, Bytes bytes) {
  const auto address = read_at<sockaddr_vm>(bytes);
  if (!address) return false;
  out.key("cid").number(address->svm_cid);
  out.key("port").number(address->svm_port);
  return true;
}

bool write_known(JsonWriter& out, sa_family_t family, Bytes bytes) {
  switch (family) {
    case AF_INET:
      return write_inet(out, bytes);
    case AF_INET6:
      return write_inet6(out, bytes);
    case AF_UNIX:
      return write_unix(out, bytes);
    case AF_NETLINK:
      return write_netlink(out, bytes);
    case AF_PACKET:
      return write_packet(out, bytes);
    case AF_VSOCK:
      return write_vsock(out, bytes);
    default:
      return false;
  }
}

}  // namespace

void write_ip(JsonWriter& out, Bytes address) {
  char text[INET6_ADDRSTRLEN] = "";
  const int family = address.size() == sizeof(in6_addr) ? AF_INET6 : AF_INET;
  const bool is_ip = address.size() == sizeof(in6_addr) || address.size() == sizeof(in_addr);
  if (!is_ip) return write_payload(out, address, address.size());
  inet_ntop(family, address.data(), text, sizeof text);
  out.string(text);
}

void write_hardware_address(JsonWriter& out, Bytes address) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : address) {
    const auto octet = std::to_integer<uint8_t>(byte);
    if (!text.empty()) text += ':';
    text += {kDigits[octet >> 4], kDigits[octet & 15]};
  }
  out.string(text);
}

void write_address(JsonWriter& out, Bytes sockaddr) {
  if (sockaddr.empty()) return out.null();
  const JsonObject object(out);
  const auto family = read_at<sa_family_t>(sockaddr);
  if (!family) return write_payload(out.key("data"), sockaddr, sockaddr.size());
  write_constant(out.key("family"), ConstantGroup::AddressFamily, *family);
  if (write_known(out, *family, sockaddr)) return;
  const Bytes data = sockaddr.subspan(sizeof *family);
  write_payload(out.key("data"), data, data.size());
}

}  // namespace wireseam::json
