// SPDX-License-Identifier: Apache-2.0
// Why nobody knows where the bytes of an end's calls lie, and where of them that was still known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tracer/trace/socket.h"

namespace wireseam {

enum class Doubt : uint8_t {
  None,
  OlderSocket,  // it is older than the trace
  NoBeginning,  // the capture lacks the connection's beginning
  LostCalls,    // the trace lacks calls, as it says itself
  CutOffCall,   // a call's thread ended inside it: what it moved is not known
  OtherLayer,   // TCP_ULP: what is on the wire is not what the calls moved
  Overlap,      // calls went on at the same time, and it was not found how their bytes lie
  Urgent,       // an urgent byte is received apart from those around it, or never (tcp(7))
  OtherPeer,    // of a UNIX socket: untraced programs talk with the same name, and one may be it
  // From here on: calls contradict the stream, so that others were missed.
  EarlySegment,    // its bytes were captured before the send of them began
  EarlyReceive,    // its bytes were received before the send of them began
  LateSegment,     // its bytes were captured after the receive of them had ended
  OtherBytes,      // the call's bytes are not those that lie there
  ShortReceive,    // it returned less than had arrived
  OtherSum,        // all calls together moved more or less than the stream has
  UnreadAndNoRst,  // bytes were unread at the close, which makes an RST; but there was a FIN
};

// "early-segment": the word in JSON.
std::string_view to_string(Doubt doubt);
// "a segment was captured before the send of its bytes began".
std::string_view words_of(Doubt doubt);

inline bool is_contradiction(Doubt doubt) { return doubt >= Doubt::EarlySegment; }

// The calls of one end that go one way, on the axis of their direction.
struct Placement {
  Doubt doubt = Doubt::None;    // the first reason; None: each call's place is known
  uint64_t known_until = 0;     // where there is a doubt
  uint64_t known_from = 0;      // bytes showed again where calls lie, the last time; 0: never
  bool cut_off = false;         // a call may have moved bytes before it was cut off
  bool lost = false;            // nobody knows where the next call's bytes lie
  uint64_t confirmed = 0;       // up to there the stream itself has shown that it is right
  uint64_t shift = 0;           // from the sum of results to the offset
  uint64_t unplaced_calls = 0;  // that have no place, and moved bytes
  uint64_t unplaced_bytes = 0;

  bool known() const { return doubt == Doubt::None; }
};

}  // namespace wireseam
