// SPDX-License-Identifier: Apache-2.0
// What lies in the lanes: calls, the bytes that packets brought first, frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/byte_range.h"
#include "common/framing/framing.h"
#include "inspector/frame/frame.h"

namespace wireseam {

// The bytes that one call moved.
struct CallSpan {
  ByteRange range;
  std::string_view name;  // of the call; lives as long as the program
  int32_t fd = -1;
  uint32_t pid = 0;
  uint32_t tid = 0;
  uint64_t begin_ns = 0;
  uint64_t duration_ns = 0;
  uint64_t room = 0;             // bytes that the caller offered, or had room for; 0: not known
  bool ambiguous = false;        // another call on this socket went on at the same time
  bool unordered = false;        // and nothing shows which of them was first
  bool urgent = false;           // MSG_OOB
  bool more = false;             // MSG_MORE, or the socket was corked
  bool no_delay = false;         // TCP_NODELAY was set
  bool has_send_buffer = false;  // SO_SNDBUF was set
  bool waits_for_all = false;    // MSG_WAITALL
  uint32_t low_water = 1;        // SO_RCVLOWAT
  uint64_t pacing_rate = 0;      // SO_MAX_PACING_RATE; 0: none

  uint64_t end_ns() const { return begin_ns + duration_ns; }
};

// The bytes that one packet brought first.
struct WireSpan {
  ByteRange range;
  uint64_t packet = 0;
  uint64_t time_ns = 0;
  // When the acknowledgement came after which no byte before these was unacknowledged; 0: there was
  // none, or some still were.
  uint64_t all_acked_ns = 0;
  uint64_t window_opened_ns = 0;  // when the receiver's window had room for them again; 0: it had
  bool sent_again = false;        // an earlier copy was lost before the capture
  uint64_t acked_ns = 0;          // when the newest acknowledgement before it came
  bool small = false;             // less than a full segment
  bool behind_small = false;      // so was the one before it, and nothing was ever sent again
  uint64_t before_ns = 0;         // when the one before it came; 0: there was none
  uint64_t before_size = 0;
  uint64_t burst_size = 0;  // of it and those that left shortly before each other
};

// A frame with what `Frame` only lends.
struct FrameSpan {
  FrameSpan(const Frame& lent, const Framing* named)
      : range(lent.range),
        frame(lent),
        framing(named),
        header_(lent.header.begin(), lent.header.end()),
        parts_(lent.parts.begin(), lent.parts.end()) {
    frame.header = header_;
    frame.parts = parts_;
  }
  // What `frame` points at moves along, for vectors keep their memory.
  FrameSpan(FrameSpan&&) = default;
  FrameSpan& operator=(FrameSpan&&) = default;
  FrameSpan(const FrameSpan&) = delete;
  FrameSpan& operator=(const FrameSpan&) = delete;

  ByteRange range;
  Frame frame;
  const Framing* framing;

 private:
  std::vector<std::byte> header_;
  std::vector<FramePart> parts_;
};

}  // namespace wireseam
