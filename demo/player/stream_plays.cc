// SPDX-License-Identifier: Apache-2.0
// How sends become segments and receives.
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "demo/player/ends.h"
#include "demo/player/plays.h"

namespace wireseam::player {
namespace {

constexpr size_t kHeaderSize = 4;
constexpr size_t kBodySize = 180;
constexpr int kTurns = 2;

void send_words(const Fd& connection) {
  for (const std::string_view word : {"one ", "two ", "three ", "four ", "five"})
    send_text(connection, word);
}

// The peer has sent all that it had when it has ended; then a single recv has room for all of it.
void receive_late(const Fd& connection) {
  wait_until(connection, POLLRDHUP);
  receive_some(connection, 1024);
}

// As a server that has answered before: its kernel leaves the ACK to the answer, for up to 40 ms.
void answer_requests(const Fd& connection) {
  set_option(connection, IPPROTO_TCP, TCP_QUICKACK, 0, "setsockopt TCP_QUICKACK");
  for (int turn = 0; turn < kTurns; ++turn) {
    receive_all(connection, kHeaderSize);
    receive_all(connection, kBodySize);
    send_text(connection, "right");
  }
}

// Two writes and a read, the textbook's mistake.
void ask_in_two_writes(const Fd& connection) {
  for (int turn = 0; turn < kTurns; ++turn) {
    send_text(connection, std::string(kHeaderSize, 'H'));
    send_text(connection, std::string(kBodySize, 'b'));
    receive_some(connection, 1024);
  }
}

void ask_without_delay(const Fd& connection) {
  set_option(connection, IPPROTO_TCP, TCP_NODELAY, 1, "setsockopt TCP_NODELAY");
  ask_in_two_writes(connection);
}

}  // namespace

void play_sticky() {
  tell("The client sends five words and ends; then the server receives once.");
  play_pair("sticky", receive_late, send_words);
}

void play_nagle() {
  tell("The client sends a header, sends a body, and waits for the answer; twice.");
  play_pair("nagle", answer_requests, ask_in_two_writes);
}

void play_nodelay() {
  tell("The client sets TCP_NODELAY, sends a header and a body, and waits; twice.");
  play_pair("nodelay", answer_requests, ask_without_delay);
}

}  // namespace wireseam::player
