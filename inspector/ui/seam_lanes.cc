// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/seam_lanes.h"

#include <algorithm>
#include <utility>

namespace wireseam {

void SeamLanes::collect(const Session& session, uint64_t connection, Direction direction,
                        const Horizon& horizon) {
  if (connection != connection_ || direction != direction_) {
    *this = {};
    connection_ = connection;
    direction_ = direction;
  }
  if (const ConnectionRecord* record = session.find_connection(connection)) {
    add_segments(session, *record, horizon.segments);
    add_frames(session, *record, horizon.frames);
    has_calls_ = record->calls != nullptr;
    if (has_calls_) add_calls(session, *record->calls, horizon.calls);
  }
  forget_fallen(session);
}

// Nearly always at the end.
void SeamLanes::add(LaneKind kind, const SeamItem& item) {
  auto& items = lanes_[static_cast<size_t>(kind)].items;
  const auto behind = [&](const SeamItem& other) { return other.range.begin <= item.range.begin; };
  const auto place = std::find_if(items.rbegin(), items.rend(), behind);
  items.insert(place.base(), item);
  end_ = std::max(end_, item.range.end);
}

void SeamLanes::add_segments(const Session& session, const ConnectionRecord& record, uint64_t end) {
  for (auto next = std::ranges::lower_bound(record.segments, seen_segments_);
       next != record.segments.end() && *next < end; ++next) {
    seen_segments_ = *next + 1;
    const SegmentRecord* segment = session.segments().find(*next);
    if (segment == nullptr || segment->segment.direction != direction_) continue;
    const Segment& found = segment->segment;
    if (!found.range.empty())
      add(found.fresh > 0 ? LaneKind::Segments : LaneKind::Resent,
          {found.range, *next, found.packet});
  }
}

void SeamLanes::add_frames(const Session& session, const ConnectionRecord& record, uint64_t end) {
  for (auto next = std::ranges::lower_bound(record.frames, seen_frames_);
       next != record.frames.end() && *next < end; ++next) {
    seen_frames_ = *next + 1;
    const FrameRecord* frame = session.frames().find(*next);
    if (frame != nullptr && frame->direction == direction_ && !frame->range.empty())
      add(LaneKind::Frames, {frame->range, *next, frame->number});
  }
}

void SeamLanes::add_calls(const Session& session, const CallsRecord& calls, uint64_t end) {
  const Kept<uint64_t>& moved = calls.moved;
  for (seen_moved_ = std::max(seen_moved_, moved.begin()); seen_moved_ < moved.end();
       ++seen_moved_) {
    const uint64_t index = *moved.find(seen_moved_);
    if (index >= end) break;
    const TracedCall* call = session.calls().find(index);
    if (call == nullptr || !call->moved || call->moved->direction != direction_) continue;
    const ByteRange range = call->moved->range;
    add(call->sent() ? LaneKind::Sends : LaneKind::Receives, {range, index, range.size()});
  }
}

void SeamLanes::forget_fallen(const Session& session) {
  const uint64_t fallen = session.fallen().packets + session.calls().begin();
  if (std::exchange(fallen_, fallen) == fallen) return;
  for (const LaneKind kind : kLaneKinds) {
    const bool is_call = kind == LaneKind::Sends || kind == LaneKind::Receives;
    const uint64_t begin = is_call                    ? session.calls().begin()
                           : kind == LaneKind::Frames ? session.frames().begin()
                                                      : session.segments().begin();
    std::erase_if(lanes_[static_cast<size_t>(kind)].items,
                  [&](const SeamItem& item) { return item.key < begin; });
  }
}

std::vector<SeamItem> items_in(const SeamLane& lane, ByteRange range) {
  // Of those that begin before it the last few may reach into it.
  constexpr size_t kLookedBack = 64;
  auto at = std::ranges::lower_bound(lane.items, range.begin, {},
                                     [](const SeamItem& item) { return item.range.begin; });
  at -= std::min<std::ptrdiff_t>(kLookedBack, at - lane.items.begin());
  std::vector<SeamItem> found;
  for (; at != lane.items.end() && at->range.begin < range.end; ++at)
    if (at->range.overlaps(range)) found.push_back(*at);
  return found;
}

}  // namespace wireseam
