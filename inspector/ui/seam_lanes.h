// SPDX-License-Identifier: Apache-2.0
// What lies on the axis of bytes of one direction, in lanes: what was sent again, what calls sent,
// what the segments brought, the frames, what calls received.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "inspector/session/session.h"
#include "inspector/ui/screen.h"

namespace wireseam {

struct SeamItem {
  ByteRange range;
  uint64_t key = 0;    // the index in the session's list
  uint64_t label = 0;  // the packet, the frame's number, or a call's bytes
};

// From top to bottom.
enum class LaneKind : uint8_t { Resent, Sends, Segments, Frames, Receives };
inline constexpr size_t kLanes = 5;
inline constexpr std::array<LaneKind, kLanes> kLaneKinds = {
    LaneKind::Resent, LaneKind::Sends, LaneKind::Segments, LaneKind::Frames, LaneKind::Receives};

struct SeamLane {
  std::string_view name;
  std::vector<SeamItem> items;  // by their beginnings
};

class SeamLanes {
 public:
  // Those of a direction of a connection, up to the horizon; what was collected of another is
  // forgotten.
  void collect(const Session& session, uint64_t connection, Direction direction,
               const Horizon& horizon);

  const SeamLane& lane(LaneKind kind) const { return lanes_[static_cast<size_t>(kind)]; }
  Direction direction() const { return direction_; }
  uint64_t end() const { return end_; }  // of the bytes
  // Whether calls of either end are known.
  bool has_calls() const { return has_calls_; }

 private:
  void add(LaneKind kind, const SeamItem& item);
  void add_segments(const Session& session, const ConnectionRecord& record, uint64_t end);
  void add_frames(const Session& session, const ConnectionRecord& record, uint64_t end);
  void add_calls(const Session& session, const CallsRecord& calls, uint64_t end);
  void forget_fallen(const Session& session);

  std::array<SeamLane, kLanes> lanes_{
      {{"resent", {}}, {"sends", {}}, {"segments", {}}, {"frames", {}}, {"receives", {}}}};
  uint64_t connection_ = 0;
  Direction direction_ = Direction::ToServer;
  uint64_t seen_segments_ = 0;
  uint64_t seen_frames_ = 0;
  uint64_t seen_moved_ = 0;
  bool has_calls_ = false;
  uint64_t fallen_ = 0;
  uint64_t end_ = 0;
};

// The items that overlap `range`, in their order.
std::vector<SeamItem> items_in(const SeamLane& lane, ByteRange range);

}  // namespace wireseam
