// SPDX-License-Identifier: Apache-2.0
// The sockets of this process, as somebody finds them who does not see its calls.
#include "tracer/collect/unseen_sockets.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "common/fd.h"
#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

Fd bound(int domain, int type) {
  Fd fd(socket(domain, type | SOCK_CLOEXEC, 0));
  sockaddr_storage any{};
  any.ss_family = static_cast<sa_family_t>(domain);
  const socklen_t size = domain == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  REQUIRE(bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), size) == 0);
  if (type == SOCK_STREAM) REQUIRE(listen(fd.get(), 1) == 0);
  return fd;
}

uint16_t port_of(const Fd& fd) {
  sockaddr_in6 name{};
  socklen_t size = sizeof name;
  getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &size);
  return ntohs(name.sin6_port);  // where sockaddr_in has it, too
}

struct Found {
  struct Socket {
    int domain;
    int type;
    uint16_t port;
    bool is_gone;

    bool operator==(const Socket&) const = default;
  };

  void add(const Event& event) {
    const auto& told = std::get<UnseenSocketEvent>(event.what);
    sockaddr_in6 name{};
    std::memcpy(&name, told.identity.local, sizeof name);
    sockets.push_back({told.identity.domain, told.identity.type, ntohs(name.sin6_port),
                       told.until_ns != kStillThere});
  }
  bool has(const Socket& socket) const { return std::ranges::count(sockets, socket) == 1; }

  std::vector<Socket> sockets;
  std::vector<std::string> missed;
};

}  // namespace

TEST_CASE("sockets are found with their ports, and told again when they are gone") {
  Found found;
  UnseenSockets unseen([&](const Event& event) { found.add(event); },
                       [&](const std::string& what) { found.missed.push_back(what); });
  unseen.watch(static_cast<uint32_t>(getpid()));
  for (const int domain : {AF_INET, AF_INET6}) {
    for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
      uint16_t port = 0;
      {
        const Fd fd = bound(domain, type);
        port = port_of(fd);
        unseen.look();
        unseen.look();
        CHECK(found.has({domain, type, port, false}));
      }
      unseen.look();
      CHECK(found.has({domain, type, port, true}));
    }
  }
  CHECK(found.missed.empty());
}

TEST_CASE("a limit that is reached is told once") {
  Found found;
  UnseenSockets unseen([&](const Event& event) { found.add(event); },
                       [&](const std::string& what) { found.missed.push_back(what); },
                       {.processes = 1, .sockets = 1});
  unseen.watch(static_cast<uint32_t>(getpid()));
  unseen.watch(static_cast<uint32_t>(getpid()));
  CHECK(found.missed.empty());
  for (int i = 0; i < 2; ++i) unseen.watch(static_cast<uint32_t>(getppid()));
  REQUIRE(found.missed.size() == 1);
  CHECK(found.missed[0].find("more than 1 processes") != std::string::npos);

  const Fd one = bound(AF_INET, SOCK_DGRAM);
  const Fd other = bound(AF_INET, SOCK_DGRAM);
  for (int i = 0; i < 2; ++i) unseen.look();
  CHECK(found.sockets.size() == 1);
  REQUIRE(found.missed.size() == 2);
  CHECK(found.missed[1].find("more than 1 sockets") != std::string::npos);
}
