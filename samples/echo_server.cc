// SPDX-License-Identifier: Apache-2.0
// Answers each message in upper case. What one recv(2) brings is a message.
#include <CLI/CLI.hpp>
#include <map>
#include <span>

#include "samples/auth.h"
#include "samples/echo.h"
#include "samples/options.h"
#include "samples/program.h"
#include "samples/serve.h"
#include "samples/stop.h"

namespace wireseam::samples {
namespace {

enum class Serve { Sequential, Threads, Fork, Epoll };

const std::map<std::string, Serve> kServeNames = {{"sequential", Serve::Sequential},
                                                  {"threads", Serve::Threads},
                                                  {"fork", Serve::Fork},
                                                  {"epoll", Serve::Epoll}};

struct EchoServerOptions : CommonOptions {
  bool once = false;
  bool one_client = false;
  std::string serve = "sequential";
};

// False when the client has ended.
bool echo_message(const Connection& client, std::span<char> buffer) {
  const ssize_t received = recv(client.fd.get(), buffer.data(), buffer.size(), 0);
  const std::span message = buffer.first(checked_size(received, "recv", client.peer));
  make_upper(message);
  send_all(client, {message.data(), message.size()});
  return !message.empty();
}

void serve_stream(Listener& listener, const EchoServerOptions& options,
                  const std::optional<std::string>& key) {
  const Handler handle = [&](const Connection& client) {
    std::vector<char> buffer(options.recv_size);
    authenticate_client(client, key);
    while (echo_message(client, buffer) && !options.once) continue;
  };

  if (options.once || options.one_client) return handle(next_client(listener));
  switch (kServeNames.at(options.serve)) {
    case Serve::Sequential:
      return serve_sequentially(listener, handle);
    case Serve::Threads:
      return serve_in_threads(listener, handle);
    case Serve::Fork:
      return serve_in_processes(listener, handle);
    case Serve::Epoll:
      return echo_with_epoll(listener, options.recv_size, key);
  }
}

void serve_datagrams(const Listener& socket, const EchoServerOptions& options) {
  std::vector<char> buffer(options.recv_size);
  do {
    echo_datagram(socket, buffer);
  } while (!options.once);
}

void check_usage(const EchoServerOptions& options) {
  if (options.one_client) require_stream(options.address, "--one-client");
  if (options.serve != "sequential") require_stream(options.address, "--serve");
  if (!options.auth_key_file.empty()) require_stream(options.address, "--auth-key-file");
}

int run(const EchoServerOptions& options) {
  check_usage(options);
  const auto key = read_key(options.auth_key_file);
  stop_on_signals();
  Listener listener(options.address, options.socket);
  listener.announce();
  if (listener.address().type == SOCK_STREAM)
    serve_stream(listener, options, key);
  else
    serve_datagrams(listener, options);
  return 0;
}

}  // namespace
}  // namespace wireseam::samples

int main(int argc, char** argv) {
  using namespace wireseam::samples;
  CLI::App app("Answers each message in upper case");
  EchoServerOptions options;
  add_server_options(app, options);
  auto* once = app.add_flag("--once", options.once, "Serve one connection, one message");
  auto* one_client = app.add_flag("--one-client", options.one_client, "Serve one connection");
  app.add_option("--serve", options.serve, "How to serve many clients")
      ->check(CLI::IsMember({"sequential", "threads", "fork", "epoll"}))
      ->capture_default_str()
      ->excludes(once)
      ->excludes(one_client);
  once->excludes(one_client);
  return run_program(app, argc, argv, [&] { return run(options); });
}
