// SPDX-License-Identifier: Apache-2.0
// What the lanes say of one frame or one call, in the words that people use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "inspector/join/conversation.h"

namespace wireseam {

// How a frame was cut on its way. The second pair is known only where the receiver was traced.
struct FrameCuts {
  bool split = false;      // more than one segment carried it
  bool coalesced = false;  // one of its segments carried bytes of other frames, too
  bool partial = false;    // it took more than one receive
  bool merged = false;     // one of its receives returned bytes of other frames, too

  // Calls visit(std::string_view) for each that is true.
  template <typename Visit>
  void for_each(Visit visit) const {
    if (split) visit(std::string_view("split"));
    if (coalesced) visit(std::string_view("coalesced"));
    if (partial) visit(std::string_view("partial"));
    if (merged) visit(std::string_view("merged"));
  }
};

FrameCuts cuts_of(const FrameSpan& frame, const Beside& beside);

// Why bytes left later than they were sent.
enum class Hold : uint8_t {
  None,            // they didn't, or not by much
  Nagle,           // RFC 896: a small segment waited until all before it was acknowledged
  Window,          // the receiver's window had no room for all of the segment
  Cork,            // TCP_CORK or MSG_MORE said that more was to come
  SendBuffer,      // SO_SNDBUF: the call waited for room
  Pacing,          // SO_MAX_PACING_RATE
  Retransmission,  // the first copy was lost before it came to where the capture was made
  Unknown,
};

std::string_view to_string(Hold hold);
// "Nagle's algorithm waited for an ACK"; empty where nothing did.
std::string_view words_of(Hold hold);

// "connect", "connect failed with ECONNREFUSED", "shutdown(SHUT_WR)".
std::string words_of(const CallMoment& moment);

// Why nobody knows where the bytes of some of an end's calls lie, and which: "calls were missed, so
// nobody knows where its bytes lie: sends from byte 8 on (...)". Empty where it is known of all.
std::string doubts_text(const Party& party);

// How long after its beginning a send's bytes were on the wire.
struct Delay {
  int64_t first_ns = 0;  // its first byte; below zero where clocks differ
  int64_t last_ns = 0;   // its last
  Hold hold = Hold::None;
};

// The send must have segments beside it.
Delay delay_of(const CallSpan& send, const Beside& beside);

// How long the bytes of a receive had lain in the receive queue: from the arrival of the first of
// them to the return of the call; below zero where clocks differ. The receive must have segments
// beside it.
int64_t queued_ns(const CallSpan& receive, const Beside& beside);

// Why a receive waited although bytes were there.
enum class Wait : uint8_t { None, All, LowWater };

std::string_view to_string(Wait wait);
// "MSG_WAITALL waited for all of them"; empty where nothing did.
std::string_view words_of(Wait wait);

// The receive must have segments beside it.
Wait wait_of(const CallSpan& receive, const Beside& beside);

// How long the connection had been complete before accept(2) returned it, while the call waited for
// something else or was not made yet; no value where one of them was not seen.
std::optional<uint64_t> backlog_ns(const Conversation& conversation);

// Why an end sent an RST, as far as its calls prove it.
enum class ResetCause : uint8_t {
  Unread,         // it closed with bytes unread, as the kernel counted them (RFC 1122, 4.2.2.13)
  Linger,         // it closed with SO_LINGER {1, 0}
  DataAtClosed,   // bytes came after its close
  Disconnect,     // it let go of the connection by connect(AF_UNSPEC)
  NeverAccepted,  // its listener closed while the connection waited for accept(2)
  DataAtShut,     // bytes came after its shutdown of both directions
  Unknown,
};

struct Reset {
  Role by = Role::Client;
  ResetCause cause = ResetCause::Unknown;
};

// No value where no RST was seen, or its sender was not traced.
std::optional<Reset> reset_of(const Conversation& conversation);

// "linger": the word in JSON.
std::string_view to_string(ResetCause cause);
// "the server closed with 90 bytes unread".
std::string words_of(const Reset& reset, const Party& party);

// Who closed its socket with bytes unread, which makes an RST of what would be a FIN; no value
// where nobody did.
std::optional<Role> discarder(const Conversation& conversation);

}  // namespace wireseam
