// SPDX-License-Identifier: Apache-2.0
// One end of a simulated connection: opens, writes, acknowledges and closes as its script says.
#pragma once

#include <cstdint>
#include <functional>
#include <random>

#include "tests/inspector/simulation/receiver.h"
#include "tests/inspector/simulation/sender.h"

namespace wireseam::test {

class Endpoint {
 public:
  using Wire = std::function<void(const Datagram&)>;

  Endpoint(Events& events, const EndScript& script, Direction sends, uint64_t seed, Wire wire);

  void open();
  void refuse_all() { mood_ = Mood::Refuses; }
  void vanish();
  void receive(const Datagram& datagram);

  uint64_t written() const { return written_; }
  uint64_t received() const;  // payload, in order

 private:
  enum class Mood : uint8_t { Works, Refuses, Gone };

  void emit(ByteRange range, Reason reason);
  void send(Datagram datagram, Reason reason);
  void send_ack();
  void send_reset(uint64_t ack);
  void established();
  void take(const Datagram& datagram);
  void answer(Receiver::Arrival arrival, bool at_once);
  void plan_writes();
  void close();
  void reset();
  void keep_alive();
  void start_reading();
  uint64_t window() const;
  uint16_t next_ip_id(uint16_t flags);
  uint64_t fin_position() const { return written_ + 1; }

  Events& events_;
  const EndScript& script_;
  Direction sends_;
  Wire wire_;
  std::mt19937_64 random_;
  Sender sender_;
  Receiver receiver_;
  Mood mood_ = Mood::Works;
  bool syn_received_ = false;
  bool established_ = false;
  bool fin_written_ = false;
  bool fin_received_ = false;
  uint64_t fin_at_ = UINT64_MAX;  // the other end's
  uint64_t written_ = 0;
  uint64_t transmissions_ = 0;
  uint16_t ip_id_;
  uint32_t ts_recent_ = 0;
  uint64_t read_ = 1;  // position up to which the receive buffer was emptied
  unsigned unanswered_ = 0;
  uint64_t ack_timer_ = 0;
  uint64_t last_sent_ns_ = 0;
};

}  // namespace wireseam::test
