// SPDX-License-Identifier: Apache-2.0
// What a Session keeps of a program's calls.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "inspector/join/conversation.h"
#include "inspector/join/findings.h"
#include "inspector/session/kept.h"

namespace wireseam {

// The bytes that a call moved on the axis of its direction, and what lies beside them.
struct MovedBytes {
  Direction direction = Direction::ToServer;
  ByteRange range;
  uint64_t room = 0;       // bytes that were offered, or that there was room for; 0: not known
  bool ambiguous = false;  // another call on the socket went on at the same time
  bool urgent = false;
  uint64_t segments = 0;
  uint64_t frames = 0;
  Delay delay;            // of a send that has segments
  int64_t queued_ns = 0;  // of a receive that has segments
};

// A call; or what happened to a process, which has a text alone.
struct TracedCall {
  uint32_t pid = 0;
  uint32_t tid = 0;
  uint32_t process = 0;  // counts the programs of a recording
  uint64_t begin_ns = 0;
  uint64_t duration_ns = 0;
  std::string_view name{};  // lives as long as the program; empty: no call
  bool problem = false;     // it failed, and not only for now
  std::string text{};       // the line that `wireseam trace` prints
  uint64_t connection = 0;  // 0: of none, so far
  Role role = Role::Client;
  std::optional<MovedBytes> moved{};

  uint64_t end_ns() const { return begin_ns + duration_ns; }
  bool sent() const { return moved && sender_of(moved->direction) == role; }
};

// What the calls of either end tell of a connection.
struct CallsRecord {
  Medium medium = Medium::Tcp;
  std::string client;  // its ends, as Conversation has them
  std::string server;
  std::array<Party, 2> parties;  // by Role
  std::optional<uint64_t> backlog_ns;
  std::optional<Reset> reset;

  // Indexes in the session's list, in the order in which it became known whose calls they are, and
  // what bytes they moved. Some may have fallen away.
  Kept<uint64_t> all;
  Kept<uint64_t> moved;
  // By Direction and Role: where in `all` the next one that moved bytes is looked for.
  std::array<std::array<uint64_t, 2>, 2> next{};

  const Party& party(Role role) const { return parties[static_cast<size_t>(role)]; }
};

}  // namespace wireseam
