// SPDX-License-Identifier: Apache-2.0
// A recording while it goes on: its packets in the order of time, and how far its calls may be
// handed on beside them. Files say nothing of what is still to come, so that everything is held
// back for a moment in which all recorders have written what they saw; what is later comes late.
// Ends when all parts have, or at stop().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "inspector/capture/packet_source.h"
#include "inspector/decode/packet_copies.h"
#include "inspector/recording/followed_part.h"
#include "inspector/recording/recorded_events.h"

namespace wireseam {

class FollowedRecording : public PacketSource {
 public:
  using Tell = std::function<void(const std::string&)>;

  // `calls` are the recording's own, which are brought along; all events come to `foreknowledge`
  // before packets of their time and before `calls` has them. `tell` hears of parts, a line for the
  // user each. All must outlive it. Throws Error: a file is no capture, bad filter.
  FollowedRecording(Recording recording, RecordedEvents& calls, EventSink& foreknowledge,
                    std::string filter, Tell tell);

  // Packets are counted anew, from 1.
  const RawPacket* next() override;
  bool ended() const override { return ended_; }
  void stop() override { stopping_ = true; }
  const std::string& flaw() const override { return flaw_; }
  CaptureDrops drops() const override;
  // Of the parts that there are.
  std::vector<uint32_t> link_types() const override;

  // What was before is there, packets and calls.
  uint64_t horizon_ns() const { return horizon_ns_; }

 private:
  void look();
  void add_parts();
  void end_parts();
  void look_ahead(uint64_t horizon_ns);
  const RawPacket* take_next();
  FollowedPart* first_part();
  void end();

  Recording recording_;
  RecordedEvents& calls_;
  EventSink& foreknowledge_;
  std::string filter_;
  Tell tell_;
  RecordedEvents ahead_;  // the same as `calls_`
  std::vector<std::unique_ptr<FollowedPart>> parts_;
  std::vector<bool> over_;           // of these
  FollowedPart* current_ = nullptr;  // whose packet was handed on last
  PacketCopies copies_{PacketCopies::kOneWay};
  RawPacket packet_;
  uint64_t horizon_ns_ = 0;
  std::string flaw_;
  bool all_over_ = false;
  bool ended_ = false;
  std::atomic<bool> stopping_ = false;
};

}  // namespace wireseam
