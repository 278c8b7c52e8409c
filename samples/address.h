// SPDX-License-Identifier: Apache-2.0
// Addresses as the samples' command lines have them: tcp:HOST:PORT, udp:HOST:PORT, unix:PATH,
// unixgram:PATH. An IPv6 address stands in brackets; a PATH that begins with @ is an abstract name.
#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>
#include <vector>

namespace wireseam::samples {

// What socket(2), bind(2) and connect(2) want to know.
struct SocketAddress {
  int type = SOCK_STREAM;  // or SOCK_DGRAM
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

// All addresses that TEXT stands for, in the order of getaddrinfo(3); never none. Throws UsageError
// where TEXT is no address, Error where the host has none.
std::vector<SocketAddress> resolve(std::string_view text);

// SOCK_STREAM or SOCK_DGRAM, as the scheme of TEXT has it. Resolves no name.
int socket_type(std::string_view text);

// The same notation back: "tcp:127.0.0.1:8080", "unix:@name", "unix:(unnamed)".
std::string to_string(const SocketAddress& address);

// Whether only this machine can reach it: 127.0.0.0/8 (in IPv6 too), ::1 and every UNIX socket.
bool is_loopback(const SocketAddress& address);

// The file that bind(2) makes for it; empty unless it is a UNIX socket with a path.
std::string socket_path(const SocketAddress& address);

}  // namespace wireseam::samples
