// SPDX-License-Identifier: Apache-2.0
// Chats with one client after the other, in turns; or relays between many.
#include <CLI/CLI.hpp>
#include <span>

#include "samples/auth.h"
#include "samples/chat.h"
#include "samples/messages.h"
#include "samples/options.h"
#include "samples/program.h"
#include "samples/serve.h"
#include "samples/stop.h"

namespace wireseam::samples {
namespace {

// The next line that is not empty: a stream cannot carry an empty message.
std::optional<std::string> next_reply(Messages& replies) {
  auto reply = replies.next();
  while (reply && reply->empty()) reply = replies.next();
  return reply;
}

// Until the client ends, or there is no reply any more: then Stopped.
void chat(const Connection& client, Messages& replies, std::span<char> buffer) {
  while (true) {
    const ssize_t received = recv(client.fd.get(), buffer.data(), buffer.size(), 0);
    const size_t size = checked_size(received, "recv", client.peer);
    const std::string_view message(buffer.data(), size);
    // Some clients say "exit" before they close.
    if (message.empty() || message == kExit) return;
    print_line(message);

    const auto reply = next_reply(replies);
    if (!reply) {
      warn("no reply: end of stdin");
      throw Stopped();
    }
    send_all(client, *reply);
  }
}

int run(const CommonOptions& options, bool relayed) {
  require_stream(options.address, "chat");
  const auto key = read_key(options.auth_key_file);
  stop_on_signals();
  const Listener listener(options.address, options.socket);
  listener.announce();
  if (relayed) relay(listener, options.recv_size, key);

  Messages replies({}, "server: ");
  std::vector<char> buffer(options.recv_size);
  serve_sequentially(listener, [&](const Connection& client) {
    authenticate_client(client, key);
    try {
      chat(client, replies, buffer);
    } catch (const Error& error) {
      warn(error.what());
    }
    print_line("disconnect!");
  });
  return 0;
}

}  // namespace
}  // namespace wireseam::samples

int main(int argc, char** argv) {
  using namespace wireseam::samples;
  CLI::App app("Chats with a client in turns; the replies are lines of stdin");
  CommonOptions options;
  bool relayed = false;
  add_server_options(app, options);
  app.add_flag("--relay", relayed, "Pass each client's lines on to all others");
  return run_program(app, argc, argv, [&] { return run(options, relayed); });
}
