// SPDX-License-Identifier: Apache-2.0
// Chats with a server in turns, or through a relay with everybody else.
#include <CLI/CLI.hpp>

#include "common/error.h"
#include "samples/auth.h"
#include "samples/chat.h"
#include "samples/messages.h"
#include "samples/options.h"
#include "samples/program.h"

namespace wireseam::samples {
namespace {

void talk_in_turns(const Connection& server, const ClientOptions& options) {
  std::vector<char> buffer(options.recv_size);
  Messages messages(options.messages, "input:");
  while (const auto message = messages.next()) {
    if (*message == kExit) return;
    // A stream cannot carry it, and the answer would never come.
    if (message->empty()) continue;

    send_all(server, *message);
    const ssize_t received = recv(server.fd.get(), buffer.data(), buffer.size(), 0);
    const size_t size = checked_size(received, "recv", server.peer);
    if (size == 0) throw Error("recv " + server.peer + ": closed before it answered");
    print_line({buffer.data(), size});
  }
}

int run(const ClientOptions& options, bool relayed, const std::string& name) {
  require_stream(options.address, "chat");
  const auto key = read_key(options.auth_key_file);
  const Connection server = connect_to(options.address, options.socket);
  authenticate_to_server(server, key);
  if (relayed)
    talk_freely(server, options, name);
  else
    talk_in_turns(server, options);
  return 0;
}

}  // namespace
}  // namespace wireseam::samples

int main(int argc, char** argv) {
  using namespace wireseam::samples;
  CLI::App app("Sends messages to a chat server and prints the answers; \"exit\" ends it");
  ClientOptions options;
  bool relayed = false;
  std::string name;
  add_client_options(app, options);
  auto* relay = app.add_flag("--relay", relayed, "Talk freely through a server with --relay");
  app.add_option("--name", name, "What the others see before each line")->needs(relay);
  return run_program(app, argc, argv, [&] { return run(options, relayed, name); });
}
