// SPDX-License-Identifier: Apache-2.0
#include "common/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

sockaddr_in6 inet6(const char* address, uint16_t port, uint32_t scope_id) {
  sockaddr_in6 sin6{};
  sin6.sin6_family = AF_INET6;
  sin6.sin6_port = htons(port);
  sin6.sin6_scope_id = scope_id;
  inet_pton(AF_INET6, address, &sin6.sin6_addr);
  return sin6;
}

template <typename T>
std::span<const std::byte> bytes_of(const T& value, size_t size = sizeof(T)) {
  return std::as_bytes(std::span(&value, 1)).first(size);
}

std::string text_of(std::span<const std::byte> bytes) {
  const auto endpoint = endpoint_from_sockaddr(bytes);
  return endpoint ? to_string(*endpoint) : "none";
}

// A sockaddr_un with exactly these bytes as its name.
std::string unix_text(std::string_view name) {
  sockaddr_un sun{};
  sun.sun_family = AF_UNIX;
  std::memcpy(sun.sun_path, name.data(), name.size());
  return text_of(bytes_of(sun, offsetof(sockaddr_un, sun_path) + name.size()));
}

}  // namespace

TEST_CASE("an IPv4 endpoint prints as address and port") {
  sockaddr_in sin{};
  sin.sin_family = AF_INET;
  sin.sin_port = htons(8080);
  sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(text_of(bytes_of(sin)) == "127.0.0.1:8080");
}

TEST_CASE("an IPv6 endpoint prints in brackets, with its scope where it has one") {
  CHECK(text_of(bytes_of(inet6("::1", 8080, 0))) == "[::1]:8080");
  CHECK(text_of(bytes_of(inet6("fe80::1", 1, 2))) == "[fe80::1%2]:1");
}

TEST_CASE("UNIX names are paths, abstract names, or none") {
  CHECK(unix_text("/tmp/x") == "/tmp/x");
  CHECK(unix_text(std::string_view("/tmp/x\0junk", 11)) == "/tmp/x");
  CHECK(unix_text(std::string_view("\0name", 5)) == "@name");
  CHECK(unix_text("") == "(unnamed)");
}

TEST_CASE("control bytes of a UNIX name never reach the reader raw") {
  CHECK(unix_text("/tmp/a\x1b[2Jb\n") == "/tmp/a\\x1b[2Jb\\n");
}

TEST_CASE("a sockaddr too short for its family is no endpoint") {
  const sockaddr_in6 sin6 = inet6("::1", 8080, 0);
  for (size_t size = 0; size < sizeof sin6; ++size)
    CHECK_FALSE(endpoint_from_sockaddr(bytes_of(sin6, size)).has_value());
}

TEST_CASE("families that are not known are no endpoint") {
  sockaddr_in sin{};
  sin.sin_family = AF_NETLINK;
  CHECK_FALSE(endpoint_from_sockaddr(bytes_of(sin)).has_value());
}
