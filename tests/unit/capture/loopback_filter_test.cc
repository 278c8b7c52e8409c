// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/loopback_filter.h"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <array>
#include <utility>
#include <vector>

#include "tests/unit/capture/udp_port.h"
#include "tests/unit/catch2.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr size_t kPortAt = 20;  // behind an IPv4 header

// PACKET_OUTGOING or PACKET_HOST, and how many bytes were taken.
using Copy = std::pair<int, size_t>;

// A socket that sees the packets of all interfaces.
class PacketSocket {
 public:
  PacketSocket() : socket_(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL))) {}

  int fd() const { return socket_.get(); }

  void take_no_more_than(uint32_t bytes) const {
    sock_filter take = BPF_STMT(BPF_RET | BPF_K, bytes);
    const sock_fprog program{1, &take};
    if (setsockopt(fd(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
      throw Error("filter", errno);
  }

  // Those of a datagram that passes now.
  std::vector<Copy> copies(const UdpPort& port) const {
    port.send(1);
    port.receive();
    std::vector<Copy> copies;
    std::array<uint8_t, 99> bytes{};
    sockaddr_ll from{};
    socklen_t size = sizeof from;
    for (;;) {
      const ssize_t taken = recvfrom(fd(), bytes.data(), bytes.size(), MSG_DONTWAIT,
                                     reinterpret_cast<sockaddr*>(&from), &size);
      if (taken < 0) return copies;
      if ((bytes[kPortAt] << 8 | bytes[kPortAt + 1]) == port.number())
        copies.emplace_back(from.sll_pkttype, taken);
    }
  }

 private:
  Fd socket_;
};

}  // namespace

TEST_CASE("a packet on loopback is seen when it arrives and no more when it leaves") {
  if (!may_capture()) return;
  const UdpPort port;
  const PacketSocket socket;
  CHECK(socket.copies(port) == std::vector<Copy>{{PACKET_OUTGOING, 38}, {PACKET_HOST, 38}});
  leave_out_departures_on_loopback(socket.fd());
  CHECK(socket.copies(port) == std::vector<Copy>{{PACKET_HOST, 38}});
}

TEST_CASE("what a filter takes of packets that arrive on loopback remains as it was") {
  if (!may_capture()) return;
  const UdpPort port;
  const PacketSocket socket;
  socket.take_no_more_than(24);
  leave_out_departures_on_loopback(socket.fd());
  CHECK(socket.copies(port) == std::vector<Copy>{{PACKET_HOST, 24}});
  socket.take_no_more_than(0);
  leave_out_departures_on_loopback(socket.fd());
  CHECK(socket.copies(port).empty());
}
