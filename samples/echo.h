// SPDX-License-Identifier: Apache-2.0
// The ways in which echo-server answers, each in a file of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "samples/sockets.h"

namespace wireseam::samples {

// The answer to a message: a-z become A-Z, in place; all other bytes stay, so that it is as long as
// the message.
void make_upper(std::span<char> message);

// Many clients in one thread, with epoll(7). A client that does not take its answers is not read
// either, so a connection holds RECV_SIZE bytes at the most. Ends by throwing Stopped.
void echo_with_epoll(const Listener& listener, size_t recv_size,
                     const std::optional<std::string>& key);

// A datagram, with recvfrom(2) and sendto(2).
void echo_datagram(const Listener& socket, std::span<char> buffer);

}  // namespace wireseam::samples
