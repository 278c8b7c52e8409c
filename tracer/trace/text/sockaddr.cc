// SPDX-License-Identifier: Apache-2.0
// One function a family, and a table that says how many bytes each needs at least: an address that
// is shorter is shown as bytes.
#include "tracer/trace/text/sockaddr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

// What lies behind a short address reads as zeros, as the kernel takes it.
template <typename Address>
Address zero_filled(Bytes bytes) {
  Address address{};
  std::memcpy(&address, bytes.data(), std::min(bytes.size(), sizeof address));
  return address;
}

void write_port(StructText& text, std::string_view name, in_port_t port) {
  TextWriter& out = text.field(name);
  out.text("htons(");
  out.number(ntohs(port));
  out.text(")");
}

void write_unix(TextWriter& out, StructText& text, Bytes bytes) {
  const Bytes path = bytes.first(std::min(bytes.size(), sizeof(sockaddr_un)))
                         .subspan(offsetof(sockaddr_un, sun_path));
  text.field("sun_path");
  if (path.front() != std::byte{0}) return out.quoted_until_nul(path);
  out.text("@");
  out.quoted(path.subspan(1));
}

void write_inet(TextWriter& out, StructText& text, Bytes bytes) {
  const auto address = zero_filled<sockaddr_in>(bytes);
  write_port(text, "sin_port", address.sin_port);
  text.field("sin_addr");
  out.inet_address(std::as_bytes(std::span(&address.sin_addr, 1)));
}

void write_inet6(TextWriter& out, StructText& text, Bytes bytes) {
  const auto address = zero_filled<sockaddr_in6>(bytes);
  write_port(text, "sin6_port", address.sin6_port);
  text.field("sin6_flowinfo").text("htonl(");
  out.number(ntohl(address.sin6_flowinfo));
  out.text(")");
  text.next().inet6_address(std::as_bytes(std::span(&address.sin6_addr, 1)), "sin6_addr");
  if (bytes.size() <= offsetof(sockaddr_in6, sin6_scope_id)) return;
  text.field("sin6_scope_id");
  if (IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&address.sin6_addr))
    out.interface(address.sin6_scope_id);
  else
    out.number(address.sin6_scope_id);
}

void write_netlink(TextWriter&, StructText& text, Bytes bytes) {
  const auto address = zero_filled<sockaddr_nl>(bytes);
  if (address.nl_pad != 0) text.field("nl_pad").hex(address.nl_pad);
  text.field("nl_pid").decimal(static_cast<int32_t>(address.nl_pid));
  text.field("nl_groups").padded_hex(address.nl_groups, 8);
}

void write_link_address(TextWriter& out, Bytes address, size_t length) {
  out.text("[");
  for (size_t i = 0; i < length; ++i) {
    if (i > 0) out.text(", ");
    if (i >= address.size()) {
      out.text("...");
      break;
    }
    out.padded_hex(static_cast<uint8_t>(address[i]), 2);
  }
  out.text("]");
}

void write_packet(TextWriter& out, StructText& text, Bytes bytes) {
  const auto address = zero_filled<sockaddr_ll>(bytes);
  text.field("sll_protocol").text("htons(");
  out.constant(ConstantGroup::EthernetProtocol, ntohs(address.sll_protocol));
  out.text(")");
  text.field("sll_ifindex").interface(static_cast<uint32_t>(address.sll_ifindex));
  text.field("sll_hatype").constant(ConstantGroup::ArpHardware, address.sll_hatype);
  text.field("sll_pkttype").constant(ConstantGroup::PacketType, address.sll_pkttype);
  text.field("sll_halen").number(address.sll_halen);
  if (address.sll_halen == 0) return;
  text.field("sll_addr");
  write_link_address(out, bytes.subspan(offsetof(sockaddr_ll, sll_addr)), address.sll_halen);
}

void write_vsock(TextWriter& out, StructText& text, Bytes bytes) {
  const auto address = zero_filled<sockaddr_vm>(bytes);
  if (address.svm_reserved1 != 0) text.field("svm_reserved1").hex(address.svm_reserved1);
  text.field("svm_cid").constant(ConstantGroup::VsockCid, address.svm_cid);
  text.field("svm_port").constant(ConstantGroup::VsockPort, address.svm_port);
  text.field("svm_flags").flags(ConstantGroup::VsockFlag, address.svm_flags);
  const Bytes zero = std::as_bytes(std::span(address.svm_zero));
  if (std::ranges::any_of(zero, [](std::byte byte) { return byte != std::byte{0}; })) {
    text.field("svm_zero");
    out.quoted_hex(zero);
  }
}

void write_xdp(TextWriter&, StructText& text, Bytes bytes) {
  const auto address = zero_filled<sockaddr_xdp>(bytes);
  text.field("sxdp_flags").flags(ConstantGroup::XdpFlag, address.sxdp_flags);
  text.field("sxdp_ifindex").interface(address.sxdp_ifindex);
  text.field("sxdp_queue_id").number(address.sxdp_queue_id);
  text.field("sxdp_shared_umem_fd").hex(address.sxdp_shared_umem_fd);
}

void write_alg(TextWriter& out, StructText& text, Bytes bytes) {
  const auto address = zero_filled<sockaddr_alg>(bytes);
  const Bytes type = std::as_bytes(std::span(address.salg_type));
  const bool ends = std::ranges::count(type, std::byte{0}) > 0;
  text.field("salg_type").quoted_until_nul(ends ? type : type.first(type.size() - 1));
  if (!ends) out.text("...");
  text.field("salg_feat").hex(address.salg_feat);
  text.field("salg_mask").hex(address.salg_mask);
  text.field("salg_name").quoted_until_nul(bytes.subspan(offsetof(sockaddr_alg, salg_name)));
}

struct Family {
  sa_family_t number;
  size_t least_size;
  void (*write)(TextWriter& out, StructText& text, Bytes bytes);
};

constexpr Family kFamilies[] = {
    {AF_UNIX, offsetof(sockaddr_un, sun_path) + 1, write_unix},
    {AF_INET, sizeof(sockaddr_in), write_inet},
    {AF_INET6, offsetof(sockaddr_in6, sin6_scope_id), write_inet6},
    {AF_NETLINK, sizeof(sockaddr_nl), write_netlink},
    {AF_PACKET, sizeof(sockaddr_ll), write_packet},
    {AF_ALG, offsetof(sockaddr_alg, salg_name) + 1, write_alg},
    {AF_VSOCK, sizeof(sockaddr_vm), write_vsock},
    {AF_XDP, sizeof(sockaddr_xdp), write_xdp},
};

}  // namespace

void write_sockaddr(TextWriter& out, Bytes bytes) {
  const auto number = zero_filled<sa_family_t>(bytes);
  StructText text(out);
  text.field("sa_family").constant(ConstantGroup::AddressFamily, number);
  if (bytes.size() <= sizeof number) return;
  const auto* family = std::ranges::find(kFamilies, number, &Family::number);
  if (family != std::end(kFamilies) && bytes.size() >= family->least_size)
    return family->write(out, text, bytes);
  text.field("sa_data").quoted(bytes.subspan(sizeof number));
}

}  // namespace wireseam
