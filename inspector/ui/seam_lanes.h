// SPDX-License-Identifier: Apache-2.0
// What lies on the axis of bytes of one direction, in lanes: what the segments brought, what was
// sent again, the frames.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "inspector/session/session.h"

namespace wireseam {

struct SeamItem {
  ByteRange range;
  uint64_t key = 0;    // the index in the session's list
  uint64_t label = 0;  // the packet, or the frame's number
};

enum class LaneKind : uint8_t { Segments, Resent, Frames };
inline constexpr size_t kLanes = 3;

struct SeamLane {
  std::string_view name;
  std::vector<SeamItem> items;  // by their beginnings
};

class SeamLanes {
 public:
  // Those of a direction of a connection; what was collected of another is forgotten.
  void collect(const Session& session, uint64_t connection, Direction direction);

  const SeamLane& lane(LaneKind kind) const { return lanes_[static_cast<size_t>(kind)]; }
  Direction direction() const { return direction_; }
  uint64_t end() const { return end_; }  // of the bytes

 private:
  void add(LaneKind kind, const SeamItem& item);
  void add_new(const Session& session, const ConnectionRecord& record);
  void forget_fallen(const Session& session);

  std::array<SeamLane, kLanes> lanes_{{{"segments", {}}, {"resent", {}}, {"frames", {}}}};
  uint64_t connection_ = 0;
  Direction direction_ = Direction::ToServer;
  uint64_t seen_segments_ = 0;
  uint64_t seen_frames_ = 0;
  uint64_t fallen_ = 0;
  uint64_t end_ = 0;
};

// The items that overlap `range`, in their order.
std::vector<SeamItem> items_in(const SeamLane& lane, ByteRange range);

}  // namespace wireseam
