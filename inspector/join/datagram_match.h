// SPDX-License-Identifier: Apache-2.0
// Whether what is known of a datagram from two sides may be the same datagram, and both together.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "common/endpoint.h"
#include "inspector/join/datagram_queue.h"

namespace wireseam {

bool is_of_unix(const PendingDatagram& pending);

// Unknown ends fit any.
bool ends_fit(const std::optional<Endpoint>& one, const std::optional<Endpoint>& other);
void make_precise(std::optional<Endpoint>& end, const std::optional<Endpoint>& other);

// As far as both have bytes.
bool begin_alike(const std::vector<std::byte>& one, const std::vector<std::byte>& other);

// Whether the send of one may have made the packet of the other, or its receive got it.
bool times_fit(const Datagram& one, const Datagram& other);

// Ends, sizes and bytes.
bool alike(const PendingDatagram& one, const PendingDatagram& other);
// What is seen now may be of what was known before, which lacks it.
bool fits(const PendingDatagram& pending, const PendingDatagram& seen);
void merge(PendingDatagram& into, PendingDatagram& seen);

}  // namespace wireseam
