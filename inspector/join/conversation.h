// SPDX-License-Identifier: Apache-2.0
// Two ends that talk, with all that is known of it: by the packets between them, by the calls of
// either program, or by both.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inspector/flow/connection.h"
#include "inspector/join/alignment.h"
#include "inspector/join/connection_frames.h"
#include "inspector/join/doubt.h"

namespace wireseam {

enum class Role : uint8_t { Client, Server };

inline Role sender_of(Direction direction) {
  return direction == Direction::ToServer ? Role::Client : Role::Server;
}
inline Role receiver_of(Direction direction) {
  return direction == Direction::ToServer ? Role::Server : Role::Client;
}
inline Direction sent_by(Role role) {
  return role == Role::Client ? Direction::ToServer : Direction::ToClient;
}
// In which direction an end's calls of that way move bytes.
inline Direction direction_of(Role role, Way way) {
  return way == Way::Sent ? sent_by(role) : opposite(sent_by(role));
}

// A call that began or ended a conversation.
struct CallMoment {
  std::string_view name{};  // empty: no such call was seen
  uint32_t pid = 0;
  uint64_t begin_ns = 0;
  uint64_t duration_ns = 0;
  int32_t errnum = 0;
  std::string_view error{};  // its name: "ECONNREFUSED"
  std::string_view how{};    // of shutdown: "SHUT_WR"
  // Of the end: how many bytes had arrived and were never received, as the kernel counts them.
  std::optional<uint64_t> unread{};

  uint64_t end_ns() const { return begin_ns + duration_ns; }
  bool seen() const { return !name.empty(); }
};

// One end, as the calls of its program tell of it.
struct Party {
  enum class State : uint8_t { Expected, Traced, Untraced };

  State state = State::Expected;
  uint64_t socket = 0;  // its id in the trace
  uint32_t pid = 0;
  std::string program;
  std::array<Placement, 2> places;  // where its calls lie, by Way
  bool calls_lost = false;          // and who knows which: its end is not known
  bool open = false;                // a descriptor of it is left
  // Of an untraced server: that its program listened, and was not seen to accept. Its end is that
  // of the listener.
  bool never_accepted = false;
  // Of an untraced end: the id of the conversation in which it is traced, by other addresses; 0:
  // none is known.
  uint64_t traced_in = 0;
  SocketOptions options;  // as they were set last
  CallMoment begin;       // connect or accept
  CallMoment shutdown;    // the first
  CallMoment end;         // close, or what else closed its last descriptor
  uint64_t calls = 0;
  uint64_t sent = 0;
  uint64_t received = 0;

  Placement& place(Way way) { return places[static_cast<size_t>(way)]; }
  const Placement& place(Way way) const { return places[static_cast<size_t>(way)]; }
  // Whether it is known of each of its calls where its bytes lie.
  bool aligned() const { return places[0].known() && places[1].known(); }
};

enum class Medium : uint8_t { Tcp, Udp, Unix };

// "tcp", "udp", "unix".
std::string_view to_string(Medium medium);

struct Conversation {
  uint64_t id = 0;  // the connection's where there are packets, else counted on
  Medium medium = Medium::Tcp;
  std::string client;  // "127.0.0.1:40000", "(unnamed)"
  std::string server;
  uint16_t client_port = 0;  // 0: UNIX sockets
  uint16_t server_port = 0;
  bool on_wire = false;    // packets were seen
  bool wire_over = false;  // its connection has ended
  uint64_t first_ns = 0;
  Handshake handshake{};
  Teardown teardown{};
  std::array<uint64_t, 2> newest_data_ns{};  // by Direction: when the newest fresh bytes came
  std::array<Party, 2> parties;              // by Role
  std::array<Alignment, 2> lanes;            // by Direction

  Party& party(Role role) { return parties[static_cast<size_t>(role)]; }
  const Party& party(Role role) const { return parties[static_cast<size_t>(role)]; }
  // Whether calls of either end were seen.
  bool is_traced() const {
    return parties[0].state == Party::State::Traced || parties[1].state == Party::State::Traced;
  }
  Alignment& lane(Direction direction) { return lanes[static_cast<size_t>(direction)]; }
};

}  // namespace wireseam
