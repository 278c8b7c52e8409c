// SPDX-License-Identifier: Apache-2.0
// Traffic on loopback to be captured, and whether it may be.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "common/error.h"
#include "common/fd.h"
#include "tests/unit/catch2.h"

namespace wireseam::test {

inline bool may_capture() {
  const Fd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!socket) WARN("skipped: needs CAP_NET_RAW");
  return static_cast<bool>(socket);
}

// A UDP socket on loopback that sends to itself.
class UdpPort {
 public:
  UdpPort() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_.get(), any, size) != 0 || getsockname(socket_.get(), any, &size) != 0 ||
        connect(socket_.get(), any, size) != 0)
      throw Error("loopback", errno);
    port_ = ntohs(address.sin_port);
  }
  std::string filter() const { return "udp port " + std::to_string(port_); }
  // What finds no room in the receiver's buffer has passed all the same.
  void send(int datagrams, size_t size = 10) const {
    const std::string bytes(size, 'x');
    for (int i = 0; i < datagrams; ++i) ::send(socket_.get(), bytes.data(), bytes.size(), 0);
  }
  // Waits for a datagram: it has passed when this returns.
  void receive() const {
    [[maybe_unused]] const ssize_t size = ::recv(socket_.get(), nullptr, 0, 0);
  }
  uint16_t number() const { return port_; }

 private:
  Fd socket_;
  uint16_t port_ = 0;
};

}  // namespace wireseam::test
