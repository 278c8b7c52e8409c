// SPDX-License-Identifier: Apache-2.0
// The datagrams that one call sent or received: sendto(2), recvmmsg(2) and the like.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/endpoint.h"
#include "inspector/join/spans.h"
#include "tracer/trace/event.h"
#include "tracer/trace/socket.h"

namespace wireseam {

struct DatagramCall {
  Way way = Way::Sent;
  std::optional<Endpoint> local;  // as packets have them; of any address where the socket is
  std::optional<Endpoint> peer;
  uint64_t size = 0;       // bytes of the datagram
  bool is_cut = false;     // it had more than `size`, or may have had: the receive's room was full
  bool truncated = false;  // it had more than the receive had room for
  bool peer_is_guess = false;    // the call did not say it: it is whom the socket is connected to
  uint64_t batch = 0;            // bytes of the message that is several datagrams; 0: it is one
  std::vector<std::byte> begin;  // its first bytes, as far as they were recorded
  CallSpan span;                 // its range: bytes that were sent or received
};

// In the order of the call's messages. `about` must be what the call was about; `segment_size` what
// the socket's option UDP_SEGMENT says, 0: nothing. A message is several datagrams where that, or a
// control message of udp(7), says so.
std::vector<DatagramCall> datagram_calls(const Event& event, const CallEvent& call,
                                         const CallSockets& about, uint64_t segment_size = 0);

// What two sends of one datagram are together: the call that sent it, since the first of them.
DatagramCall joined(const DatagramCall& first, const DatagramCall& last);

// How much of a datagram's beginning is compared.
inline constexpr size_t kComparedBytes = 64;

}  // namespace wireseam
