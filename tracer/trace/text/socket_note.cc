// SPDX-License-Identifier: Apache-2.0
// The names of protocols are the kernel's (/proc/net/protocols), as strace has them.
#include "tracer/trace/text/socket_note.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>

#include <linux/netlink.h>

#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

struct InetProtocol {
  int type;
  int protocol;  // 0: any that has no row of its own
  std::string_view name;
};

constexpr InetProtocol kInetProtocols[] = {
    {SOCK_STREAM, IPPROTO_SCTP, "SCTP"},
    {SOCK_SEQPACKET, IPPROTO_SCTP, "SCTP"},
    {SOCK_STREAM, 262, "MPTCP"},
    {SOCK_STREAM, 0, "TCP"},
    {SOCK_DGRAM, IPPROTO_ICMP, "PING"},
    {SOCK_DGRAM, IPPROTO_ICMPV6, "PING"},
    {SOCK_DGRAM, 136, "UDPLITE"},
    {SOCK_DGRAM, 0, "UDP"},
    {SOCK_RAW, 0, "RAW"},
    {SOCK_DCCP, 0, "DCCP"},
};

bool is_inet(const Socket& socket) { return socket.domain == AF_INET || socket.domain == AF_INET6; }

std::string_view inet_protocol(const Socket& socket) {
  const auto* row = std::ranges::find_if(kInetProtocols, [&](const InetProtocol& known) {
    return known.type == socket.type && (known.protocol == 0 || known.protocol == socket.protocol);
  });
  return row != std::end(kInetProtocols) ? row->name : "socket";
}

void write_protocol(TextWriter& out, const Socket& socket) {
  if (is_inet(socket)) {
    out.text(inet_protocol(socket));
    if (socket.domain == AF_INET6) out.text("v6");
    return;
  }
  if (socket.domain == AF_UNIX)
    return out.text(socket.type == SOCK_STREAM ? "UNIX-STREAM" : "UNIX");
  out.text(socket.domain == AF_NETLINK ? "NETLINK" : "socket");
}

void write_number(TextWriter& out, const Socket& socket) {
  out.number(socket.inode != 0 ? socket.inode : socket.cookie);
}

template <typename Address>
std::optional<Address> address_of(Bytes bytes, sa_family_t family) {
  if (read_at<sa_family_t>(bytes) != family) return std::nullopt;
  return read_at<Address>(bytes);
}

// "127.0.0.1:80" or "[::1]:80"; false, and nothing, where there is no port.
bool write_endpoint(TextWriter& out, Bytes bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto inet = address_of<sockaddr_in>(bytes, AF_INET);
  const auto inet6 = address_of<sockaddr_in6>(bytes, AF_INET6);
  const in_port_t port = inet ? inet->sin_port : inet6 ? inet6->sin6_port : in_port_t{0};
  if (port == 0) return false;
  if (inet) {
    out.text(inet_ntop(AF_INET, &inet->sin_addr, text.data(), text.size()));
  } else {
    out.text("[");
    out.text(inet_ntop(AF_INET6, &inet6->sin6_addr, text.data(), text.size()));
    out.text("]");
  }
  out.text(":");
  out.number(ntohs(port));
  return true;
}

void write_inet(TextWriter& out, const Socket& socket) {
  if (!write_endpoint(out, socket.local)) return write_number(out, socket);
  if (socket.peer.size() <= sizeof(sa_family_t)) return;
  out.text("->");
  write_endpoint(out, socket.peer);
}

void write_unix(TextWriter& out, const Socket& socket) {
  write_number(out, socket);
  if (socket.peer_inode != 0) {
    out.text("->");
    out.number(socket.peer_inode);
  }
  Bytes path = socket.local;
  if (path.size() <= offsetof(sockaddr_un, sun_path)) return;
  path = path.subspan(offsetof(sockaddr_un, sun_path));
  out.text(",");
  if (path.front() != std::byte{0}) return out.quoted_until_nul(path);
  out.text("@");
  out.quoted(path.subspan(1));
}

void write_netlink(TextWriter& out, const Socket& socket) {
  const auto address = address_of<sockaddr_nl>(socket.local, AF_NETLINK);
  const std::string_view protocol =
      constant_name(ConstantGroup::NetlinkProtocol, static_cast<uint64_t>(socket.protocol));
  constexpr std::string_view kPrefix = "NETLINK_";
  if (!address || protocol.empty()) return write_number(out, socket);
  out.text(protocol.substr(kPrefix.size()));
  out.text(":");
  out.number(address->nl_pid);
}

}  // namespace

void write_socket_note(TextWriter& out, const Socket& socket, DescriptorDetail detail) {
  if (detail == DescriptorDetail::Address)
    write_protocol(out, socket);
  else
    out.text("socket");
  out.text(":[");
  if (detail == DescriptorDetail::Socket)
    write_number(out, socket);
  else if (is_inet(socket))
    write_inet(out, socket);
  else if (socket.domain == AF_UNIX)
    write_unix(out, socket);
  else if (socket.domain == AF_NETLINK)
    write_netlink(out, socket);
  else
    write_number(out, socket);
  out.text("]");
}

}  // namespace wireseam
