// SPDX-License-Identifier: Apache-2.0
// Declares the shared options to CLI11. Opens nothing.
#include "samples/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>

#include "samples/program.h"

namespace wireseam::samples {
namespace {

constexpr const char* kAddressHelp =
    "tcp:HOST:PORT, udp:HOST:PORT, unix:PATH, unixgram:PATH (datagrams); "
    "an IPv6 host in brackets, a PATH of @NAME is abstract";
constexpr int kMaxBytes = std::numeric_limits<int>::max();

std::string without_end(std::string argument) {
  if (argument.ends_with(kArgumentEnd)) argument.pop_back();
  return argument;
}

void add_common_options(CLI::App& app, CommonOptions& options) {
  app.add_option("ADDRESS", options.address, kAddressHelp)->required()->transform(without_end);
  app.add_flag("--nodelay", options.socket.nodelay, "Set TCP_NODELAY");
  app.add_option("--sndbuf", options.socket.sndbuf, "Set SO_SNDBUF to so many bytes")
      ->check(CLI::Range(0, kMaxBytes));
  app.add_option("--rcvbuf", options.socket.rcvbuf, "Set SO_RCVBUF to so many bytes")
      ->check(CLI::Range(0, kMaxBytes));
  app.add_option("--recv-size", options.recv_size, "Bytes that one recv asks for")
      ->check(CLI::Range(1, kMaxBytes))
      ->capture_default_str();
  app.add_option("--auth-key-file", options.auth_key_file,
                 "Authenticate with HMAC-SHA256; all bytes of the file are the key");
}

}  // namespace

void require_stream(const std::string& address, std::string_view what) {
  if (socket_type(address) == SOCK_STREAM) return;
  throw UsageError(fmt::format("address '{}': {} needs connections, tcp: or unix:", address, what));
}

void add_server_options(CLI::App& app, CommonOptions& options) {
  add_common_options(app, options);
  app.add_option("--backlog", options.socket.backlog, "Connections that wait for accept")
      ->check(CLI::Range(0, kMaxBytes))
      ->capture_default_str();
  app.add_flag("!--no-reuseaddr", options.socket.reuseaddr,
               "Leave SO_REUSEADDR off: no bind while old connections are in TIME_WAIT");
}

void add_client_options(CLI::App& app, ClientOptions& options) {
  add_common_options(app, options);
  app.add_option("MESSAGE", options.messages, "What to send; without any, each line of stdin")
      ->transform(without_end);
}

}  // namespace wireseam::samples
