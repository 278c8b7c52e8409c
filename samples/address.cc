// SPDX-License-Identifier: Apache-2.0
// Parses addresses, resolves host names, prints addresses. Opens no socket.
#include "samples/address.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <memory>

#include "common/endpoint.h"
#include "common/error.h"
#include "samples/program.h"

namespace wireseam::samples {
namespace {

struct Scheme {
  std::string_view name;
  int family;  // AF_UNSPEC: whatever the host has
  int type;
};

constexpr Scheme kSchemes[] = {
    {"tcp", AF_UNSPEC, SOCK_STREAM},
    {"udp", AF_UNSPEC, SOCK_DGRAM},
    {"unix", AF_UNIX, SOCK_STREAM},
    {"unixgram", AF_UNIX, SOCK_DGRAM},
};

UsageError bad_address(std::string_view text, std::string_view reason) {
  return UsageError(fmt::format("address '{}': {}", text, reason));
}

const Scheme& scheme_of(std::string_view text) {
  for (const Scheme& scheme : kSchemes) {
    if (text.substr(0, text.find(':')) == scheme.name && text.size() > scheme.name.size())
      return scheme;
  }
  throw bad_address(text, "not tcp:HOST:PORT, udp:HOST:PORT, unix:PATH or unixgram:PATH");
}

struct HostPort {
  std::string host;
  std::string port;
};

// TEXT is the whole address, for the error; REST what follows its scheme.
HostPort split_host_port(std::string_view text, std::string_view rest) {
  const size_t colon = rest.rfind(':');
  if (colon == rest.npos) throw bad_address(text, "has no port");
  std::string_view host = rest.substr(0, colon);
  const std::string_view port = rest.substr(colon + 1);

  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    throw bad_address(text, "an IPv6 address stands in brackets, as in tcp:[::1]:8080");
  }
  if (host.empty()) throw bad_address(text, "has no host");

  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.begin(), port.end(), number);
  if (error != std::errc{} || end != port.end())
    throw bad_address(text, fmt::format("the port is a number from 0 to 65535, not '{}'", port));
  return {std::string(host), std::string(port)};
}

std::vector<SocketAddress> resolve_host(std::string_view text, const Scheme& scheme,
                                        const HostPort& where) {
  addrinfo hints{};
  hints.ai_family = scheme.family;
  hints.ai_socktype = scheme.type;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(where.host.c_str(), where.port.c_str(), &hints, &found);
  if (status != 0) {
    const std::string reason = status == EAI_SYSTEM ? errno_text(errno) : gai_strerror(status);
    throw Error(fmt::format("getaddrinfo {}: {}", text, reason));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);

  std::vector<SocketAddress> addresses;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    SocketAddress& address = addresses.emplace_back();
    address.type = scheme.type;
    address.length = info->ai_addrlen;
    std::memcpy(&address.storage, info->ai_addr, info->ai_addrlen);
  }
  return addresses;
}

SocketAddress unix_address(std::string_view text, const Scheme& scheme, std::string_view path) {
  sockaddr_un sun{};
  sun.sun_family = AF_UNIX;
  const bool abstract = path.starts_with('@');
  if (path.empty()) throw bad_address(text, "has no path");
  // A path ends with a NUL, an abstract name with the length of the address (unix(7)).
  const size_t size = path.size() + (abstract ? 0 : 1);
  if (size > sizeof sun.sun_path)
    throw bad_address(text, fmt::format("longer than the {} bytes of a UNIX socket's name",
                                        sizeof sun.sun_path - 1));
  std::memcpy(sun.sun_path, path.data(), path.size());
  if (abstract) sun.sun_path[0] = '\0';

  SocketAddress address;
  address.type = scheme.type;
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
  std::memcpy(&address.storage, &sun, sizeof sun);
  return address;
}

Endpoint endpoint_of(const SocketAddress& address) {
  const auto bytes = std::as_bytes(std::span(&address.storage, 1)).first(address.length);
  return endpoint_from_sockaddr(bytes).value_or(Endpoint{});
}

bool is_loopback(const in6_addr& in6) {
  return IN6_IS_ADDR_LOOPBACK(&in6) || (IN6_IS_ADDR_V4MAPPED(&in6) && in6.s6_addr[12] == 127);
}

std::string_view scheme_name(const SocketAddress& address) {
  const int family = address.family() == AF_UNIX ? AF_UNIX : AF_UNSPEC;
  for (const Scheme& scheme : kSchemes) {
    if (scheme.family == family && scheme.type == address.type) return scheme.name;
  }
  return "?";
}

}  // namespace

std::vector<SocketAddress> resolve(std::string_view text) {
  const Scheme& scheme = scheme_of(text);
  const std::string_view rest = text.substr(scheme.name.size() + 1);
  if (scheme.family == AF_UNIX) return {unix_address(text, scheme, rest)};
  return resolve_host(text, scheme, split_host_port(text, rest));
}

int socket_type(std::string_view text) { return scheme_of(text).type; }

std::string to_string(const SocketAddress& address) {
  return fmt::format("{}:{}", scheme_name(address), wireseam::to_string(endpoint_of(address)));
}

bool is_loopback(const SocketAddress& address) {
  const Endpoint endpoint = endpoint_of(address);
  switch (endpoint.family) {
    case AddressFamily::Unspecified:
      return false;
    case AddressFamily::Inet:
      return endpoint.address[0] == 127;
    case AddressFamily::Inet6:
      return is_loopback(std::bit_cast<in6_addr>(endpoint.address));
    case AddressFamily::Unix:
      return true;
  }
  return false;
}

std::string socket_path(const SocketAddress& address) {
  const Endpoint endpoint = endpoint_of(address);
  return endpoint.path.starts_with('\0') ? "" : endpoint.path;
}

}  // namespace wireseam::samples
