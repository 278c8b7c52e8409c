// SPDX-License-Identifier: Apache-2.0
// Finds the connection of each packet, and ends those that are over. Everything is bounded: when
// there are too many connections, or too many bytes wait behind holes, the oldest is given up and
// counted. Clocks are the packets' own, so a file gives the same at any speed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "inspector/decode/packet.h"
#include "inspector/flow/flow_sink.h"

namespace wireseam {

struct FlowLimits {
  // About `bytes` for what waits behind holes, and as much again for connections.
  static FlowLimits of_memory(size_t bytes) {
    constexpr size_t kConnection = 1024;  // bytes, of one that has not sent much
    return {.connections = static_cast<uint32_t>(bytes / kConnection + 1), .held_bytes = bytes};
  }

  uint32_t connections = 1'000'000;
  size_t held_bytes = size_t{128} << 20;  // behind holes, in all
};

struct FlowCounts {
  uint64_t connections = 0;  // so far
  uint64_t given_up = 0;     // connections that had to go for others
  uint64_t holes_given_up_for_memory = 0;
};

class FlowTable {
 public:
  // `sink` must outlive it.
  explicit FlowTable(FlowSink& sink, FlowLimits limits = {});
  ~FlowTable();
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  // A packet of TCP or UDP, decoded whole; the order is the capture's.
  void packet(const Packet& packet);

  // Time has gone by, by the packets' clock: ends what is over, gives up what can't come any more.
  void tick(uint64_t now_ns);

  // The capture has ended: ends every connection, in the order of their first packets, and calls
  // `after_each` behind each: what 100,000 of them give a sink to say is too much to be kept.
  void finish(const std::function<void()>& after_each = {});

  // An id that no connection here has or will have.
  uint64_t take_id();

  const FlowCounts& counts() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace wireseam
