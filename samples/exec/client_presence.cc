// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/client_presence.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace wireseam::samples {
namespace {

// As in /proc/net/tcp and tcp6 (proc(5)): words in hexadecimal as they lie in memory, and the port.
std::string shown_name(const sockaddr_storage& address) {
  std::string text;
  if (address.ss_family == AF_INET) {
    const auto& name = reinterpret_cast<const sockaddr_in&>(address);
    return fmt::format("{:08X}:{:04X}", name.sin_addr.s_addr, ntohs(name.sin_port));
  }
  const auto& name = reinterpret_cast<const sockaddr_in6&>(address);
  for (size_t i = 0; i < 4; ++i) {
    uint32_t word = 0;
    std::memcpy(&word, name.sin6_addr.s6_addr + 4 * i, sizeof word);
    text += fmt::format("{:08X}", word);
  }
  return text + fmt::format(":{:04X}", ntohs(name.sin6_port));
}

bool is_loopback(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET)
    return (ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24) == 127;
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr) != 0;
}

// The inode of the socket between the two; 0 where nobody holds it any more.
std::optional<uint64_t> inode_of(const std::string& local, const std::string& peer,
                                 const char* table) {
  std::ifstream file(table);
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string number, from, to, skipped;
    uint64_t inode = 0;
    if (!(fields >> number >> from >> to) || from != local || to != peer) continue;
    constexpr int kBetween = 6;  // state, queues, timer, retransmissions, uid, timeout
    for (int i = 0; i < kBetween; ++i) fields >> skipped;
    if (fields >> inode) return inode;
  }
  return std::nullopt;
}

}  // namespace

bool client_is_gone(int fd) {
  pollfd item{fd, POLLRDHUP, 0};
  if (poll(&item, 1, 0) != 1) return false;
  if ((item.revents & (POLLHUP | POLLERR)) != 0) return true;
  sockaddr_storage own{};
  sockaddr_storage peer{};
  socklen_t own_size = sizeof own;
  socklen_t peer_size = sizeof peer;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&own), &own_size) != 0) return false;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) return true;
  if (own.ss_family != AF_INET && own.ss_family != AF_INET6) return false;
  const char* table = own.ss_family == AF_INET ? "/proc/net/tcp" : "/proc/net/tcp6";
  const auto inode = inode_of(shown_name(peer), shown_name(own), table);
  return inode ? *inode == 0 : is_loopback(peer);
}

}  // namespace wireseam::samples
