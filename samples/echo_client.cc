// SPDX-License-Identifier: Apache-2.0
// Sends messages to an echo server, one after the other, and prints each answer on a line.
#include <errno.h>
#include <fmt/format.h>
#include <sys/time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>

#include "common/error.h"
#include "samples/auth.h"
#include "samples/messages.h"
#include "samples/options.h"
#include "samples/program.h"

namespace wireseam::samples {
namespace {

constexpr timeval kAnswerTimeLimit{.tv_sec = 5, .tv_usec = 0};

// A stream has no messages, but the answer is as long as the message was. A long message is sent
// and received in turns: if the answers were left lying, the server could send no more, would read
// no more, and both would wait for ever. So send(2) does not block; where there is no room, an
// answer is on its way.
std::string ask_stream(const Connection& server, std::string_view message, std::span<char> buffer) {
  std::string answer;
  std::string_view unsent = message;
  while (answer.size() < message.size()) {
    if (!unsent.empty()) {
      const ssize_t sent =
          send(server.fd.get(), unsent.data(), unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent >= 0 || errno != EAGAIN)
        unsent.remove_prefix(checked_size(sent, "send", server.peer));
    }
    const ssize_t received = recv(server.fd.get(), buffer.data(), buffer.size(), 0);
    const size_t size = checked_size(received, "recv", server.peer);
    if (size == 0)
      throw Error(fmt::format("recv {}: closed after {} of {} bytes of the answer", server.peer,
                              answer.size(), message.size()));
    answer.append(buffer.data(), size);
  }
  return answer;
}

// A datagram is a message, even an empty one.
std::string ask_datagram(const Connection& server, std::string_view message,
                         std::span<char> buffer) {
  checked_size(send(server.fd.get(), message.data(), message.size(), 0), "send", server.peer);
  const ssize_t received = recv(server.fd.get(), buffer.data(), buffer.size(), MSG_TRUNC);
  if (received < 0 && errno == EAGAIN)
    throw Error(
        fmt::format("recv {}: no answer within {} s", server.peer, kAnswerTimeLimit.tv_sec));
  const size_t size = checked_size(received, "recv", server.peer);
  if (size > buffer.size())
    warn(fmt::format("recv {}: datagram of {} bytes truncated to {}", server.peer, size,
                     buffer.size()));
  return {buffer.data(), std::min(size, buffer.size())};
}

void limit_wait_for_datagram(const Connection& server) {
  checked(setsockopt(server.fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kAnswerTimeLimit,
                     sizeof kAnswerTimeLimit),
          "setsockopt SO_RCVTIMEO", server.peer);
}

int run(const ClientOptions& options) {
  const bool stream = socket_type(options.address) == SOCK_STREAM;
  if (!options.auth_key_file.empty()) require_stream(options.address, "--auth-key-file");
  const auto key = read_key(options.auth_key_file);
  const Connection server = connect_to(options.address, options.socket);
  if (stream)
    authenticate_to_server(server, key);
  else
    limit_wait_for_datagram(server);

  std::vector<char> buffer(options.recv_size);
  Messages messages(options.messages, "input:");
  while (const auto message = messages.next())
    print_line(stream ? ask_stream(server, *message, buffer)
                      : ask_datagram(server, *message, buffer));
  return 0;
}

}  // namespace
}  // namespace wireseam::samples

int main(int argc, char** argv) {
  using namespace wireseam::samples;
  CLI::App app("Sends messages to an echo server and prints the answers");
  ClientOptions options;
  add_client_options(app, options);
  return run_program(app, argc, argv, [&] { return run(options); });
}
