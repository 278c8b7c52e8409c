// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/simulation/sender.h"

#include <algorithm>

namespace wireseam::test {
namespace {

constexpr unsigned kDuplicatesForLoss = 3;
constexpr unsigned kMostTimeOuts = 8;
constexpr uint64_t kShortestTimeOutNs = 200 * kMillisecond;

}  // namespace

Sender::Sender(Events& events, const EndScript& script, Emit emit)
    : events_(events), script_(script), emit_(std::move(emit)) {}

void Sender::write(uint64_t bytes) {
  written_ += bytes;
  pump();
}

void Sender::stop() {
  stopped_ = true;
  ++timer_;
}

void Sender::acknowledged(const Datagram& ack) {
  if (stopped_) return;
  const bool repeats =
      ack.ack == acked_ && ack.truth.payload.empty() && ack.window == window_ && !flights_.empty();
  window_ = ack.window;
  take_reports(ack);
  if (ack.ack > acked_) {
    leave_behind(ack.ack);
  } else if (repeats) {
    ++duplicates_;
  }
  mark_lost();
  pump();
  arm();
}

void Sender::take_reports(const Datagram& ack) {
  for (const ByteRange& block : ack.sacks)
    for (Flight& flight : flights_)
      if (block.begin <= flight.range.begin && flight.range.end <= block.end)
        flight.received = true;
}

void Sender::leave_behind(uint64_t ack) {
  acked_ = ack;
  duplicates_ = 0;
  time_outs_ = 0;
  probed_ = false;
  while (!flights_.empty() && flights_.front().range.end <= ack) {
    const Flight& flight = flights_.front();
    if (!flight.sent_again) {
      const uint64_t sample_ns = events_.now_ns() - flight.sent_ns;
      rtt_ns_ = rtt_ns_ == 0 ? sample_ns : (rtt_ns_ * 7 + sample_ns) / 8;
    }
    flights_.pop_front();
  }
  if (!flights_.empty()) flights_.front().range.begin = std::max(flights_.front().range.begin, ack);
  if (ack >= recovery_end_) recovery_ = Reason::First;
}

// RFC 6675: what lies below three segments that arrived.
void Sender::mark_lost() {
  unsigned arrived = 0;
  bool found = false;
  for (auto flight = flights_.rbegin(); flight != flights_.rend(); ++flight) {
    if (flight->received) {
      ++arrived;
    } else if (arrived >= kDuplicatesForLoss && !flight->lost) {
      flight->lost = found = true;
    }
  }
  if (duplicates_ >= kDuplicatesForLoss && !flights_.empty() && !flights_.front().lost &&
      recovery_ == Reason::First)
    flights_.front().lost = found = true;
  if (!found || recovery_ != Reason::First) return;
  recovery_ = Reason::Fast;
  recovery_end_ = next_;
}

size_t Sender::under_way() const {
  return static_cast<size_t>(std::ranges::count_if(flights_, [](const Flight& flight) {
    return !flight.received && (!flight.lost || flight.sent_again);
  }));
}

bool Sender::may_send() const {
  return !stopped_ && under_way() < (recovery_ == Reason::TimeOut ? 2 : script_.most_in_flight);
}

void Sender::resend_lost() {
  for (size_t i = 0; i < flights_.size(); ++i) {
    const Flight& flight = flights_[i];
    if (!flight.lost || flight.sent_again || flight.received) continue;
    if (!may_send()) return;
    resend(i, recovery_);
  }
}

void Sender::pump() {
  if (recovery_ != Reason::First) resend_lost();
  const bool was_idle = flights_.empty();
  // The SYN goes alone.
  while (next_ < written_ && may_send() && next_ < acked_ + window_ && (acked_ > 0 || next_ == 0)) {
    const uint64_t room = std::min(written_, acked_ + window_) - next_;
    const uint64_t size = next_ == 0 ? 1 : std::min<uint64_t>(room, script_.mss);
    const ByteRange range{next_, next_ + size};
    next_ += size;
    flights_.push_back({range, events_.now_ns()});
    emit_(range, Reason::First);
  }
  if (was_idle) arm();
}

void Sender::merge_with_next(size_t index) {
  Flight& flight = flights_[index];
  while (index + 1 < flights_.size()) {
    const Flight& following = flights_[index + 1];
    if (following.received || following.sent_again || flight.range.begin == 0 ||
        following.range.end - flight.range.begin > script_.mss)
      return;
    flight.range.end = following.range.end;
    flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(index) + 1);
  }
}

void Sender::resend(size_t index, Reason reason) {
  merge_with_next(index);
  Flight& flight = flights_[index];
  flight.sent_again = true;
  flight.sent_ns = events_.now_ns();
  emit_(flight.range, reason);
}

uint64_t Sender::time_out_ns() const {
  const uint64_t first_ns =
      rtt_ns_ == 0 ? kSecond : std::max(kShortestTimeOutNs, rtt_ns_ + kShortestTimeOutNs);
  return first_ns << std::min(time_outs_, 10u);
}

uint64_t Sender::tail_probe_ns() const {
  const uint64_t delayed_ack_ns = flights_.size() == 1 ? 40 * kMillisecond : 0;
  return std::max(2 * rtt_ns_ + delayed_ack_ns, 10 * kMillisecond);
}

// One timer for what is due next: a tail probe, a time-out, or a probe of the closed window.
void Sender::arm() {
  const uint64_t timer = ++timer_;
  const auto when_due = [this, timer](void (Sender::*action)()) {
    return [this, timer, action] {
      if (timer == timer_ && !stopped_) (this->*action)();
    };
  };
  if (flights_.empty()) {
    if (next_ < written_ && window_ == 0)
      events_.after(time_out_ns(), when_due(&Sender::probe_window));
    return;
  }
  const bool tail = !probed_ && recovery_ == Reason::First && rtt_ns_ != 0 && time_outs_ == 0 &&
                    tail_probe_ns() < time_out_ns();
  events_.after(tail ? tail_probe_ns() : time_out_ns(), when_due(&Sender::timed_out));
  if (tail) return;
  probed_ = true;
}

void Sender::timed_out() {
  const bool tail = !probed_ && recovery_ == Reason::First && rtt_ns_ != 0;
  if (tail) {
    probed_ = true;
    if (!flights_.back().received) resend(flights_.size() - 1, Reason::TailProbe);
    return arm();
  }
  if (++time_outs_ > kMostTimeOuts) return stop();
  recovery_ = Reason::TimeOut;
  recovery_end_ = next_;
  for (Flight& flight : flights_) {
    flight.lost = true;
    flight.sent_again = false;
  }
  flights_.front().received = false;
  resend(0, Reason::TimeOut);
  arm();
}

// Linux asks with a sequence number that was acknowledged already.
void Sender::probe_window() {
  if (++time_outs_ > kMostTimeOuts) return stop();
  emit_({acked_ - 1, acked_ - 1}, Reason::Probe);
  arm();
}

}  // namespace wireseam::test
