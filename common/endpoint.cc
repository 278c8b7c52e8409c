// SPDX-License-Identifier: Apache-2.0
// Endpoints from struct sockaddr (ip(7), ipv6(7), unix(7)) and their text.
#include "common/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace wireseam {
namespace {

template <typename Sockaddr>
std::optional<Sockaddr> read_as(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(Sockaddr)) return std::nullopt;
  Sockaddr value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::optional<Endpoint> from_inet(std::span<const std::byte> bytes) {
  const auto sin = read_as<sockaddr_in>(bytes);
  if (!sin) return std::nullopt;
  Endpoint endpoint{.family = AddressFamily::Inet, .port = ntohs(sin->sin_port), .path = {}};
  std::memcpy(endpoint.address.data(), &sin->sin_addr, sizeof sin->sin_addr);
  return endpoint;
}

std::optional<Endpoint> from_inet6(std::span<const std::byte> bytes) {
  const auto sin6 = read_as<sockaddr_in6>(bytes);
  if (!sin6) return std::nullopt;
  Endpoint endpoint{.family = AddressFamily::Inet6,
                    .port = ntohs(sin6->sin6_port),
                    .scope_id = sin6->sin6_scope_id,
                    .path = {}};
  std::memcpy(endpoint.address.data(), &sin6->sin6_addr, sizeof sin6->sin6_addr);
  return endpoint;
}

Endpoint from_unix(std::span<const std::byte> bytes) {
  const auto name = bytes.subspan(offsetof(sockaddr_un, sun_path));
  std::string path(reinterpret_cast<const char*>(name.data()), name.size());
  const bool abstract = !path.empty() && path[0] == '\0';
  if (!abstract) path.resize(std::min(path.size(), path.find('\0')));
  return Endpoint{.family = AddressFamily::Unix, .path = std::move(path)};
}

std::string ip_text(int family, const Endpoint& endpoint) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, endpoint.address.data(), text, sizeof text);
  return text;
}

std::string escaped(std::string_view name) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      text += "\\n";
    } else if (byte < 0x20 || byte >= 0x7f) {
      text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      text += c;
    }
  }
  return text;
}

std::string unix_text(const std::string& path) {
  if (path.empty()) return "(unnamed)";
  if (path[0] != '\0') return escaped(path);
  return "@" + escaped(std::string_view(path).substr(1));
}

}  // namespace

std::optional<Endpoint> endpoint_from_sockaddr(std::span<const std::byte> bytes) {
  sa_family_t family = AF_UNSPEC;
  if (bytes.size() < sizeof family) return std::nullopt;
  std::memcpy(&family, bytes.data(), sizeof family);
  if (family == AF_INET) return from_inet(bytes);
  if (family == AF_INET6) return from_inet6(bytes);
  if (family == AF_UNIX) return from_unix(bytes);
  return std::nullopt;
}

std::string to_string(const Endpoint& endpoint) {
  const std::string port = ":" + std::to_string(endpoint.port);
  switch (endpoint.family) {
    case AddressFamily::Unspecified:
      return "-";
    case AddressFamily::Inet:
      return ip_text(AF_INET, endpoint) + port;
    case AddressFamily::Inet6: {
      const std::string scope =
          endpoint.scope_id == 0 ? "" : "%" + std::to_string(endpoint.scope_id);
      return "[" + ip_text(AF_INET6, endpoint) + scope + "]" + port;
    }
    case AddressFamily::Unix:
      return unix_text(endpoint.path);
  }
  return "-";
}

}  // namespace wireseam
