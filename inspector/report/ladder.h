// SPDX-License-Identifier: Apache-2.0
// Packets between a client and a server as a picture: time goes down, an arrow is a packet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inspector/flow/connection.h"

namespace wireseam {

struct LadderRow {
  uint64_t packet = 0;
  uint64_t time_ns = 0;
  Direction direction = Direction::ToServer;
  std::string label;
};

// In the order of the capture; only what was seen.
std::vector<LadderRow> handshake_rows(const Connection& connection);
std::vector<LadderRow> teardown_rows(const Connection& connection);

// Appends a head and a line for each row, with the time since the row before:
//          1                |--- SYN seq 0 ---------->|
//          2    0.021 ms    |<-- SYN, ACK seq 0 ------|
void append_ladder(std::string& out, const std::vector<LadderRow>& rows);

}  // namespace wireseam
