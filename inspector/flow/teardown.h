// SPDX-License-Identifier: Apache-2.0
// How a connection ended (RFC 9293 section 3.6): a FIN from either side and its acknowledgement, or
// an RST and what that threw away.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "inspector/flow/segment.h"

namespace wireseam {

struct FinStep {
  uint64_t packet = 0;  // 0: not seen
  uint64_t time_ns = 0;
  uint64_t offset = 0;  // the bytes of its direction before it
  uint64_t ack_packet = 0;
  uint64_t ack_ns = 0;
};

struct RstStep {
  uint64_t packet = 0;
  uint64_t time_ns = 0;
  Direction direction = Direction::ToServer;
  // Bytes on their way to the sender of the RST which it had not acknowledged: nobody reads them.
  uint64_t discarded = 0;
};

enum class CloseState : uint8_t {
  Open,
  HalfClosed,  // one side has sent its FIN
  Closing,     // both have, and not both are acknowledged
  Closed,      // both FINs are acknowledged
  Reset,
};

struct Teardown {
  std::array<FinStep, 2> fins;  // by Direction
  // Those that lie behind the window as the capture shows it: they count when they are
  // acknowledged.
  std::array<FinStep, 2> doubtful_fins;
  RstStep rst;
  CloseState state = CloseState::Open;

  FinStep& fin(Direction direction) { return fins[static_cast<size_t>(direction)]; }
  const FinStep& fin(Direction direction) const { return fins[static_cast<size_t>(direction)]; }
  void update_state();
  bool over() const { return state == CloseState::Closed || state == CloseState::Reset; }
  // When it was over; only then.
  uint64_t end_ns() const {
    return state == CloseState::Reset ? rst.time_ns : std::max(fins[0].ack_ns, fins[1].ack_ns);
  }
};

std::string_view to_string(CloseState state);

}  // namespace wireseam
