// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/socket_tables.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "common/endpoint.h"
#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

std::string shown(const SocketIdentity& socket) {
  const auto name = [](const uint8_t* bytes, size_t size) {
    const auto end = endpoint_from_sockaddr(std::as_bytes(std::span(bytes, size)));
    return end ? to_string(*end) : "-";
  };
  return std::to_string(socket.inode) + " " + name(socket.local, socket.local_size) + " " +
         name(socket.peer, socket.peer_size);
}

std::vector<std::string> shown(const std::vector<SocketIdentity>& sockets) {
  std::vector<std::string> lines;
  for (const SocketIdentity& socket : sockets) lines.push_back(shown(socket));
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a kernel's table of IPv4 gives listeners and connections, of nobody nothing") {
  const std::string table =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
      "inode\n"
      "   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 576 1 0\n"
      "   1: 0100007F:AF6E 0100007F:B55D 06 00000000:00000000 03:00000E0F 00000000  0  0 0 3 0\n"
      "   2: 0100007F:AF6F 0200007F:0050 01 00000000:00000000 00:00000000 00000000  9  0 577 3 0\n"
      "   3: 0100007F:0000 00000000:0000 07 00000000:00000000 00:00000000 00000000  9  0 578 3 0\n"
      "   4: 01007F:AF6F 0200007F:0050 01 00000000:00000000 00:00000000 00000000  9  0 579 3 0\n"
      "   5: 0100007F:AF\n";
  CHECK(shown(sockets_in_table(table, AF_INET, SOCK_STREAM)) ==
        Lines{"576 0.0.0.0:2024 -", "577 127.0.0.1:44911 127.0.0.2:80"});
}

TEST_CASE("a kernel's table of IPv6 has addresses of four words") {
  const std::string table =
      "   0: 00000000000000000000000001000000:1F90 B80D0120000000000000000002000000:0050 01 "
      "00000000:00000000 00:00000000 00000000  0  0 9 1 0\n";
  CHECK(shown(sockets_in_table(table, AF_INET6, SOCK_STREAM)) ==
        Lines{"9 [::1]:8080 [2001:db8::2]:80"});
}
