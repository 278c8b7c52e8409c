// SPDX-License-Identifier: Apache-2.0
// The two kinds of chat. In turns: each end sends a message and waits for the answer; a message is
// what one recv(2) brings. Relayed: each line goes to all others, at any time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "samples/options.h"
#include "samples/sockets.h"

namespace wireseam::samples {

constexpr std::string_view kExit = "exit";        // ends a client
constexpr std::string_view kNameLine = "/name ";  // what a relayed client calls itself follows

// The server that passes lines on. Ends by throwing Stopped.
void relay(const Listener& listener, size_t recv_size, const std::optional<std::string>& key);

// The client that sends lines and prints those of others until the server closes the connection.
// NAME may be empty: the server then takes its address.
void talk_freely(const Connection& server, const ClientOptions& options, const std::string& name);

}  // namespace wireseam::samples
