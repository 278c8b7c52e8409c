// SPDX-License-Identifier: Apache-2.0
// One end of a socket: an address and a port, or the name of a UNIX socket. A plain value; knows
// struct sockaddr's bytes but makes no system call and resolves no name.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace wireseam {

enum class AddressFamily : uint8_t { Unspecified, Inet, Inet6, Unix };

struct Endpoint {
  AddressFamily family = AddressFamily::Unspecified;
  uint16_t port = 0;                  // host byte order; 0 for UNIX sockets
  uint32_t scope_id = 0;              // IPv6 only
  std::array<uint8_t, 16> address{};  // network byte order; IPv4 fills the first four bytes
  std::string path;                   // UNIX only: empty is unnamed, a leading NUL is abstract

  auto operator<=>(const Endpoint&) const = default;
};

// Reads the bytes of a struct sockaddr as the kernel gave them, with their exact length (unix(7):
// the length decides where an abstract name ends). No value for other families and for bytes too
// short for their family.
std::optional<Endpoint> endpoint_from_sockaddr(std::span<const std::byte> bytes);

// "127.0.0.1:8080", "[::1]:8080", "[fe80::1%2]:8080", "/path", "@abstract", "(unnamed)" for a UNIX
// socket without a name, "-" where nothing is known. A name's control bytes are escaped ("\n",
// "\x1b"), since the peer chose them.
std::string to_string(const Endpoint& endpoint);

}  // namespace wireseam
