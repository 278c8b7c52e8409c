// SPDX-License-Identifier: Apache-2.0
// A socket as a trace knows it, and what one call moved through it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/byte_range.h"

namespace wireseam {

enum class SocketRole : uint8_t { Unknown, Client, Server, Listener };

// What setsockopt(2) has said of a socket, as far as it changes when bytes leave or a connection is
// reset; what a listener has been told its connections inherit.
struct SocketOptions {
  bool no_delay = false;         // TCP_NODELAY
  bool corked = false;           // TCP_CORK, UDP_CORK
  bool other_layer = false;      // TCP_ULP
  bool defers_accept = false;    // TCP_DEFER_ACCEPT
  bool resets_at_close = false;  // SO_LINGER {1, 0}
  bool broadcasts = false;       // SO_BROADCAST: may send to broadcast addresses
  bool has_send_buffer = false;  // SO_SNDBUF, SO_SNDBUFFORCE
  uint32_t low_water = 1;        // SO_RCVLOWAT
  uint64_t pacing_rate = 0;      // SO_MAX_PACING_RATE, bytes a second; 0: none
};

// One socket, however many descriptors of however many processes stand for it.
struct Socket {
  uint64_t id = 0;          // counts the sockets of a trace from 1
  uint64_t cookie = 0;      // SO_COOKIE; 0: not known
  uint32_t inode = 0;       // as in /proc/PID/fd; 0: not known
  uint32_t peer_inode = 0;  // of a pair's other end; 0: not known
  int32_t domain = -1;      // -1: not known
  int32_t type = -1;        // SOCK_..., without flags
  int32_t protocol = -1;
  SocketRole role = SocketRole::Unknown;
  std::vector<std::byte> local;  // struct sockaddr, as long as the kernel said; empty: not known
  std::vector<std::byte> peer;   // the same; empty: none
  uint32_t association = 0;      // counts those that were before: connect(2) may be called again
  uint64_t sent = 0;             // bytes since it was first seen, or connected anew
  uint64_t received = 0;
  // Whether sent and received are offsets in the stream: not if the socket is older than the trace,
  // or if calls may have been lost.
  bool exact = false;
  bool passed_on = false;  // by SCM_RIGHTS: whoever received it may have it still
  SocketOptions options;

  bool is_stream() const;
};

enum class Way : uint8_t { Sent, Received };

// Bytes that a call moved. A call that only looked (MSG_PEEK, MSG_ERRQUEUE) moved none.
struct Transfer {
  Way way = Way::Sent;
  uint64_t bytes = 0;
  std::optional<ByteRange> range;  // on that way's axis; stream sockets only
  bool urgent = false;             // by MSG_OOB: outside the stream's order at the receiver
};

// What a call was about. Sockets are valid until the next event is applied to their table.
struct CallSockets {
  struct Made {
    int fd = -1;
    const Socket* socket = nullptr;
  };

  int fd = -1;                     // the call's first descriptor that is a socket; -1: none
  const Socket* socket = nullptr;  // accept: the listener
  std::optional<Transfer> transfer;
  std::vector<Made> made;  // descriptors that the call made, of new sockets or known ones (dup)
};

}  // namespace wireseam
