// SPDX-License-Identifier: Apache-2.0
// How connections begin and end where something is in their way, and what a full buffer does.
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "common/error.h"
#include "demo/player/ends.h"
#include "demo/player/plays.h"

namespace wireseam::player {
namespace {

constexpr int kSendBuffer = 16384;
constexpr size_t kMuch = 512 * 1024;
constexpr size_t kRoom = 65536;
constexpr int kBacklog = 1;
constexpr int kConnections = 3;  // one more than the backlog takes

// Its answer arrives, and is thrown away.
void ask_and_leave(const Fd& connection) {
  send_text(connection, "tell me");
  wait_until(connection, POLLIN);
}

void answer_nobody(const Fd& connection) {
  receive_some(connection, kRoom);
  send_text(connection, "a long answer that nobody reads");
  char byte = 0;
  // The reset is what is waited for.
  if (recv(connection.get(), &byte, 1, 0) >= 0 || errno != ECONNRESET)
    throw Error("the connection was not reset");
}

// Sends what there is room for, until there is none.
size_t fill(const Fd& connection, std::string_view text) {
  size_t taken = 0;
  for (;;) {
    const ssize_t sent = send(connection.get(), text.data() + taken, text.size() - taken,
                              MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return taken;
    taken += checked_size(sent, "send");
    if (taken == text.size()) return taken;
  }
}

void send_much(const Fd& connection, const Signal& full) {
  set_option(connection, SOL_SOCKET, SO_SNDBUF, kSendBuffer, "setsockopt SO_SNDBUF");
  const std::string text(kMuch, 'x');
  size_t taken = fill(connection, text);
  full.give();
  while (taken < text.size()) {
    wait_until(connection, POLLOUT);
    taken += fill(connection, std::string_view(text).substr(taken));
  }
}

void accept_all(const Fd& listener) {
  for (int i = 0; i < kConnections; ++i) accept_from(listener);
}

// The last one finds no room: its SYN is dropped, and the kernel sends it again after a second.
void connect_more_than_fit(const sockaddr_in& server, const Signal& knocked) {
  const Fd first = connect_to(server);
  const Fd second = connect_to(server);
  const Fd last(checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
  if (connect(last.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0 ||
      errno != EINPROGRESS)
    throw Error("the connection was not kept waiting");
  knocked.give();
  wait_until(last, POLLOUT);
}

}  // namespace

void play_reset() {
  tell("The client asks, waits until the answer is there, and closes without reading it.");
  play_pair("reset", answer_nobody, ask_and_leave);
}

void play_partial_send() {
  tell("The client sends, without waiting, more than the server is ready to read.");
  Signal full;
  const Talk server = [&](const Fd& connection) {
    full.await();
    while (!receive_some(connection, kRoom).empty()) {
    }
  };
  play_pair("partial", server, [&](const Fd& connection) { send_much(connection, full); });
}

void play_backlog() {
  tell("The client connects three times, while the server doesn't call accept yet.");
  const Fd listener = listen_on_loopback(kBacklog);
  const sockaddr_in address = name_of(listener);
  Signal knocked;
  const pid_t server = start_process("backlog-server", [&] {
    knocked.await();
    accept_all(listener);
  });
  const pid_t client =
      start_process("backlog-client", [&] { connect_more_than_fit(address, knocked); });
  wait_for(client, "backlog-client");
  wait_for(server, "backlog-server");
}

}  // namespace wireseam::player
