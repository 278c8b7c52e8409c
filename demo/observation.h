// SPDX-License-Identifier: Apache-2.0
// What one run showed, as far as a scenario has something to say of it: what the report prints, as
// values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/join/findings.h"

namespace wireseam {

struct SeenSend {
  ByteRange range;
  uint64_t offered = 0;  // bytes that the caller had
  std::vector<uint64_t> packets;
  Delay delay;  // where there are packets
};

struct SeenFrame {
  ByteRange range;
  uint64_t body = 0;  // bytes
  size_t sends = 0;
  size_t segments = 0;
  size_t receives = 0;
  FrameCuts cuts;
};

struct SeenReceive {
  ByteRange range;
  uint64_t room = 0;
  std::vector<ByteRange> sends;  // whose bytes it returned
  int64_t queued_ns = 0;         // where there are packets
};

struct SeenLanes {
  std::vector<SeenSend> sends;
  std::vector<SeenFrame> frames;
  std::vector<SeenReceive> receives;
};

struct SeenConversation {
  uint64_t id = 0;
  bool on_wire = false;
  std::string client;
  std::string server;
  std::array<Party, 2> parties;  // by Role
  Handshake handshake;
  Teardown teardown;
  std::optional<uint64_t> backlog_ns;
  std::optional<Role> discarder;
  std::array<SeenLanes, 2> lanes;  // by Direction

  const Party& party(Role role) const { return parties[static_cast<size_t>(role)]; }
  const SeenLanes& lane(Direction direction) const { return lanes[static_cast<size_t>(direction)]; }
};

// A call that returned.
struct SeenCall {
  std::string_view name;
  std::string program;
  int32_t errnum = 0;
  int64_t result = 0;
  uint64_t size = 0;  // the third argument: of a send or a recv, the size of its buffer
  uint64_t duration_ns = 0;
};

struct SeenDatagram {
  uint64_t packet = 0;  // 0: none was captured
  Direction direction = Direction::ToServer;
  uint64_t bytes = 0;
  uint64_t received = 0;   // of these
  bool truncated = false;  // its receive had no room for all of them
};

struct Observation {
  bool has_packets = false;
  std::vector<SeenConversation> conversations;  // in the order of their ends
  std::vector<SeenDatagram> datagrams;
  std::vector<SeenCall> calls;  // in the order of their effects
};

}  // namespace wireseam
