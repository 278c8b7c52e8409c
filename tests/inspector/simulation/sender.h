// SPDX-License-Identifier: Apache-2.0
// The sending side of a simulated end: what is under way, and what must be sent again and why.
// After Linux: SACK-based recovery (RFC 6675), a tail probe (RFC 8985), a time-out with back-off
// (RFC 6298), small segments put together when they are sent again.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "tests/inspector/simulation/datagram.h"
#include "tests/inspector/simulation/events.h"

namespace wireseam::test {

class Sender {
 public:
  // A range of positions to be sent now.
  using Emit = std::function<void(ByteRange, Reason)>;

  Sender(Events& events, const EndScript& script, Emit emit);

  void write(uint64_t bytes);  // a SYN and a FIN count as a byte each
  void acknowledged(const Datagram& ack);
  void stop();

  uint64_t next() const { return next_; }
  uint64_t written() const { return written_; }
  bool idle() const { return flights_.empty() && next_ == written_; }

 private:
  struct Flight {
    ByteRange range;
    uint64_t sent_ns = 0;
    bool received = false;  // by SACK
    bool lost = false;
    bool sent_again = false;
  };

  void take_reports(const Datagram& ack);
  void leave_behind(uint64_t ack);
  void mark_lost();
  void pump();
  void resend_lost();
  void resend(size_t index, Reason reason);
  void merge_with_next(size_t index);
  bool may_send() const;
  size_t under_way() const;
  void arm();
  void timed_out();
  void probe_window();
  uint64_t time_out_ns() const;
  uint64_t tail_probe_ns() const;

  Events& events_;
  const EndScript& script_;
  Emit emit_;
  std::deque<Flight> flights_;
  uint64_t written_ = 0;
  uint64_t next_ = 0;
  uint64_t acked_ = 0;
  uint64_t window_ = 64 << 10;
  uint64_t recovery_end_ = 0;
  Reason recovery_ = Reason::First;  // First: none
  uint64_t rtt_ns_ = 0;
  unsigned duplicates_ = 0;
  unsigned time_outs_ = 0;  // in a row
  bool probed_ = false;
  bool stopped_ = false;
  uint64_t timer_ = 0;  // the newest one's number; older ones do nothing
};

}  // namespace wireseam::test
