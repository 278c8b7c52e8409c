// SPDX-License-Identifier: Apache-2.0
// The ends of sockets and those of packets, one made of the other.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "common/endpoint.h"
#include "inspector/flow/flow_key.h"

namespace wireseam {

Endpoint endpoint_of(const FlowEnd& end, IpVersion version);

// Of IP: 0.0.0.0, "::"; 127.0.0.0/8, ::1.
bool is_any(const Endpoint& end);
bool is_loopback(const Endpoint& end);

// The end that a struct sockaddr names, as packets name it: a socket of IPv6 that talks IPv4 calls
// its ends ::ffff:127.0.0.1 (ipv6(7)), and a packet is of no scope. No value where there is none.
std::optional<Endpoint> endpoint_on_wire(std::span<const std::byte> sockaddr);

// The key of TCP packets between them, and which side `local` is. Both are of IPv4 or IPv6.
FlowKeyAndSide key_of(const Endpoint& local, const Endpoint& peer);

}  // namespace wireseam
