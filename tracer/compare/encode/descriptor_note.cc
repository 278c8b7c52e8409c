// SPDX-License-Identifier: Apache-2.0
// The forms are those of strace's get_sockaddr_by_inode (socketutils.c).
#include "tracer/compare/encode/descriptor_note.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "tracer/compare/log_value.h"
#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

struct Protocol {
  std::string_view name;
  int domain;
  int type;  // -1: the note does not tell
  int protocol;
};

constexpr Protocol kProtocols[] = {
    {"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP},
    {"TCPv6", AF_INET6, SOCK_STREAM, IPPROTO_TCP},
    {"UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP},
    {"UDPv6", AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
    {"UDPLITE", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE},
    {"UDPLITEv6", AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE},
    {"UNIX", AF_UNIX, -1, -1},
    {"UNIX-STREAM", AF_UNIX, SOCK_STREAM, -1},
    {"UNIX-DGRAM", AF_UNIX, SOCK_DGRAM, -1},
    {"UNIX-SEQPACKET", AF_UNIX, SOCK_SEQPACKET, -1},
    {"NETLINK", AF_NETLINK, -1, -1},
    {"socket", -1, -1, -1},
};

// An address of one end: its bytes, and how many they are.
struct Name {
  uint8_t* bytes;
  uint16_t& size;
};

template <typename Address>
void set_name(const Address& address, Name name) {
  std::memcpy(name.bytes, &address, sizeof address);
  name.size = sizeof address;
}

// "127.0.0.1:80", "[::1]:80".
void set_inet(std::string_view text, int domain, Name name) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return;
  const auto port = number_of(text.substr(colon + 1));
  std::string host(text.substr(0, colon));
  if (!port) return;
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<uint16_t>(*port));
  if (domain == AF_INET && inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1)
    return set_name(v4, name);
  if (host.size() < 2 || domain != AF_INET6) return;
  host = host.substr(1, host.size() - 2);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = v4.sin_port;
  if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) set_name(v6, name);
}

// The path in "12->13, "/run/x"" is the socket's own.
void set_unix(std::string_view inside, Name name) {
  const size_t comma = inside.find(", ");
  if (comma == std::string_view::npos) return;
  const auto path = LogValueParser(inside.substr(comma + 2)).value();
  if (!path || path->kind != LogValue::Kind::String) return;
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string text = path->abstract ? '\0' + path->bytes : path->bytes;
  const size_t size = std::min(text.size(), sizeof address.sun_path - 1);
  std::memcpy(address.sun_path, text.data(), size);
  set_name(address, name);
  const size_t end = path->abstract ? size : size + 1;
  name.size = static_cast<uint16_t>(offsetof(sockaddr_un, sun_path) + end);
}

void set_ends(std::string_view inside, SocketIdentity& identity) {
  const size_t arrow = inside.find("->");
  const bool connected = arrow != std::string_view::npos;
  set_inet(inside.substr(0, arrow), identity.domain, {identity.local, identity.local_size});
  if (connected)
    set_inet(inside.substr(arrow + 2), identity.domain, {identity.peer, identity.peer_size});
}

}  // namespace

std::optional<SocketIdentity> socket_of_note(int fd, std::string_view note) {
  const size_t bracket = note.find(":[");
  if (bracket == std::string_view::npos || !note.ends_with(']')) return std::nullopt;
  const auto* row = std::ranges::find(kProtocols, note.substr(0, bracket), &Protocol::name);
  if (row == std::end(kProtocols)) return std::nullopt;
  SocketIdentity identity{};
  identity.fd = fd;
  identity.domain = row->domain;
  identity.type = row->type;
  identity.protocol = row->protocol;
  const std::string_view inside = note.substr(bracket + 2, note.size() - bracket - 3);
  const size_t digits = std::min(inside.find_first_not_of("0123456789"), inside.size());
  const bool leads_with_inode = row->domain == AF_UNIX || digits == inside.size();
  if (const auto inode = number_of(inside.substr(0, digits)); inode && leads_with_inode)
    identity.inode = static_cast<uint32_t>(*inode);
  if (row->domain == AF_UNIX)
    set_unix(inside, {identity.local, identity.local_size});
  else
    set_ends(inside, identity);
  return identity;
}

}  // namespace wireseam
