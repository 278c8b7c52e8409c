// SPDX-License-Identifier: Apache-2.0
// libpcap has the words for it (inbound, ifindex), but where it runs a filter itself, as it does
// with the ring's first block, they are never true (its issue 1482). So the kernel's own filter is
// asked for, whichever way it got there, and attached again behind the instructions that look for
// such copies. libpcap knows nothing of it and needn't.
#include "inspector/capture/loopback_filter.h"

#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace wireseam {
namespace {

using Program = std::vector<sock_filter>;

constexpr uint32_t ancillary(int offset) { return static_cast<uint32_t>(SKF_AD_OFF + offset); }

// Goes on behind its end with every other packet.
constexpr std::array<sock_filter, 5> kRefuseDepartures{{
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ancillary(SKF_AD_HATYPE)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_LOOPBACK, 0, 3),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ancillary(SKF_AD_PKTTYPE)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, 0),
}};
constexpr sock_filter kTakeWhole = BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);

// Empty where there is none; no value where nobody can tell. Lengths are in instructions.
std::optional<Program> attached_filter(int socket) {
  socklen_t length = 0;
  if (getsockopt(socket, SOL_SOCKET, SO_GET_FILTER, nullptr, &length) != 0) return std::nullopt;
  Program program(length);
  if (length != 0 && getsockopt(socket, SOL_SOCKET, SO_GET_FILTER, program.data(), &length) != 0)
    return std::nullopt;
  return program;
}

}  // namespace

void leave_out_departures_on_loopback(int packet_socket) {
  const std::optional<Program> before = attached_filter(packet_socket);
  if (!before) return;
  Program program(kRefuseDepartures.begin(), kRefuseDepartures.end());
  program.insert(program.end(), before->begin(), before->end());
  if (before->empty()) program.push_back(kTakeWhole);
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  [[maybe_unused]] const int result =
      setsockopt(packet_socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

}  // namespace wireseam
