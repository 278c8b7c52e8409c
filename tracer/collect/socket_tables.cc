// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/socket_tables.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstring>
#include <sstream>
#include <string_view>

namespace wireseam {
namespace {

constexpr size_t kWordDigits = 8;

std::optional<uint32_t> hexadecimal(std::string_view digits) {
  uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// "0100007F:1F90": the words of the address as they lie in memory, the port as a number. The size
// of the sockaddr; 0 where there is no port.
uint16_t read_end(std::string_view text, int domain, uint8_t* sockaddr) {
  const size_t words = domain == AF_INET6 ? 4 : 1;
  const auto port = text.size() == words * kWordDigits + 5
                        ? hexadecimal(text.substr(words * kWordDigits + 1))
                        : std::nullopt;
  if (port.value_or(0) == 0) return 0;
  std::array<uint32_t, 4> address{};
  for (size_t i = 0; i < words; ++i) {
    const auto word = hexadecimal(text.substr(i * kWordDigits, kWordDigits));
    if (!word) return 0;
    address[i] = *word;
  }
  const auto store = [&](auto name) {
    std::memcpy(sockaddr, &name, sizeof name);
    return static_cast<uint16_t>(sizeof name);
  };
  const in_port_t in_order = htons(static_cast<uint16_t>(*port));
  if (domain == AF_INET) return store(sockaddr_in{AF_INET, in_order, {.s_addr = address[0]}, {}});
  sockaddr_in6 name{.sin6_family = AF_INET6,
                    .sin6_port = in_order,
                    .sin6_flowinfo = 0,
                    .sin6_addr = {},
                    .sin6_scope_id = 0};
  std::memcpy(&name.sin6_addr, address.data(), sizeof address);
  return store(name);
}

}  // namespace

std::vector<SocketIdentity> sockets_in_table(const std::string& table, int domain, int type) {
  std::vector<SocketIdentity> sockets;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string number, local, peer, skipped;
    SocketIdentity socket{};
    fields >> number >> local >> peer;
    for (int i = 0; i < 6; ++i) fields >> skipped;  // state, queues, timer, retransmits, uid, time
    if (!(fields >> socket.inode) || socket.inode == 0) continue;
    socket.fd = -1;
    socket.domain = domain;
    socket.type = type;
    socket.local_size = read_end(local, domain, socket.local);
    socket.peer_size = read_end(peer, domain, socket.peer);
    if (socket.local_size != 0) sockets.push_back(socket);
  }
  return sockets;
}

std::vector<SocketIdentity> socket_tables(const ProcessFolder& process) {
  struct Table {
    const char* file;
    int domain;
    int type;
  };
  static constexpr Table kTables[] = {{"net/tcp", AF_INET, SOCK_STREAM},
                                      {"net/tcp6", AF_INET6, SOCK_STREAM},
                                      {"net/udp", AF_INET, SOCK_DGRAM},
                                      {"net/udp6", AF_INET6, SOCK_DGRAM}};
  std::vector<SocketIdentity> all;
  for (const Table& table : kTables) {
    const auto some = sockets_in_table(process.read(table.file), table.domain, table.type);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace wireseam
