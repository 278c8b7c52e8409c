// SPDX-License-Identifier: Apache-2.0
// The options that all servers share, and all clients.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "samples/sockets.h"

namespace CLI {
class App;
}

namespace wireseam::samples {

struct CommonOptions {
  std::string address;
  SocketOptions socket;
  size_t recv_size = 1024;    // bytes that one recv(2) asks for
  std::string auth_key_file;  // empty: no authentication
};

struct ClientOptions : CommonOptions {
  std::vector<std::string> messages;  // none: lines on stdin
};

// ADDRESS, --backlog, --no-reuseaddr, --nodelay, --sndbuf, --rcvbuf, --recv-size, --auth-key-file.
void add_server_options(CLI::App& app, CommonOptions& options);

// Throws UsageError unless ADDRESS is a stream's: WHAT is in need of a connection.
void require_stream(const std::string& address, std::string_view what);

// ADDRESS [MESSAGE...], --nodelay, --sndbuf, --rcvbuf, --recv-size, --auth-key-file.
void add_client_options(CLI::App& app, ClientOptions& options);

}  // namespace wireseam::samples
