// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/seams_screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "inspector/ui/packet_details.h"
#include "inspector/ui/seam_details.h"
#include "inspector/ui/seam_drawing.h"
#include "inspector/ui/search.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr size_t kFitted = 20;    // segments or calls that are to be seen at first
constexpr int kLeastDetails = 3;  // rows
constexpr uint64_t kMostZoomed = uint64_t{1} << 40;

}  // namespace

std::string SeamsScreen::title(const Session& session, const Focus& focus) const {
  const ConnectionRecord* record = session.find_connection(focus.connection);
  if (record == nullptr) return "no connection";
  return fmt::format("{} {}, {} a column", name_of(*record),
                     direction_ == Direction::ToServer ? "to server" : "to client",
                     counted(axis_.a_column, "byte"));
}

void SeamsScreen::reset(Start start) {
  *this = {};
  follow_ = start == Start::Newest;
}

const SeamItem* SeamsScreen::selected() const {
  return at_ < lane().items.size() ? &lane().items[at_] : nullptr;
}

void SeamsScreen::update(const Session& session, const Focus& focus, Size size) {
  lanes_.collect(session, focus.connection, direction_, focus.horizon);
  choose_lane();
  const size_t last = lane().items.empty() ? 0 : lane().items.size() - 1;
  at_ = follow_ ? last : std::min(at_, last);
  settle_axis(std::max(1, size.columns - kLaneNames - 1));
}

// One with something in it, if there is one.
void SeamsScreen::choose_lane() {
  for (const LaneKind kind :
       {lane_, LaneKind::Frames, LaneKind::Segments, LaneKind::Sends, LaneKind::Receives}) {
    if (lanes_.lane(kind).items.empty()) continue;
    lane_ = kind;
    return;
  }
}

// The selected one is in sight.
void SeamsScreen::settle_axis(int columns) {
  const auto width = static_cast<uint64_t>(columns);
  size_t cuts = 1;
  for (const LaneKind kind : {LaneKind::Sends, LaneKind::Segments, LaneKind::Receives})
    cuts = std::max(cuts, lanes_.lane(kind).items.size());
  const uint64_t shown = lanes_.end() / cuts * std::min(cuts, kFitted);
  const uint64_t fitting =
      cuts <= kFitted ? (lanes_.end() + width) / width : (shown + width - 1) / width;
  axis_.columns = columns;
  axis_.a_column = zoomed_.value_or(std::max<uint64_t>(1, fitting));
  const SeamItem* item = selected();
  if (item == nullptr) {
    axis_.begin = 0;
    return;
  }
  const ByteRange seen = axis_.range();
  if (item->range.begin >= seen.begin && item->range.begin < seen.end) return;
  const uint64_t before = axis_.a_column * width / 4;
  axis_.begin = item->range.begin - std::min(item->range.begin, before);
}

void SeamsScreen::draw(const Session& session, const Focus& focus, const Area& area) const {
  if (session.find_connection(focus.connection) == nullptr) {
    area.write(2, 2, "Choose a connection: 1, and Enter on it.", Style::Muted);
    return;
  }
  int row = draw_lanes(area);
  area.fill(row, area.unicode() ? U'─' : U'-', Style::Muted);
  for (const Line& line : details(session)) line.draw(area, ++row);
  if (!lanes_.has_calls() && row + 1 < area.rows())
    area.write(area.rows() - 1, 0, "sends and receives: wireseam record -o DIR PROGRAM",
               Style::Muted);
}

bool SeamsScreen::is_shown(LaneKind kind) const {
  if (kind == LaneKind::Sends || kind == LaneKind::Receives) return lanes_.has_calls();
  return kind != LaneKind::Resent || !lanes_.lane(kind).items.empty();
}

// Returns the row below them. Between two lanes there is a row for their edges, where there is room
// for it.
int SeamsScreen::draw_lanes(const Area& area) const {
  const Style way = direction_ == Direction::ToServer ? Style::ToServer : Style::ToClient;
  const auto shown = std::ranges::count_if(kLaneKinds, [&](auto kind) { return is_shown(kind); });
  const int between = static_cast<int>(shown) - (is_shown(LaneKind::Resent) ? 2 : 1);
  const bool has_edges = area.rows() >= 1 + shown + between + 1 + kLeastDetails;
  int row = 0;
  draw_ruler(area.row(row++), axis_);
  const SeamLane* above = nullptr;
  for (const LaneKind kind : kLaneKinds) {
    if (!is_shown(kind)) continue;
    const SeamLane& below = lanes_.lane(kind);
    if (above != nullptr && has_edges) draw_edges(area.row(row++), *above, below, axis_);
    const Style style = kind == LaneKind::Resent   ? Style::Trouble
                        : kind == LaneKind::Frames ? Style::Header
                                                   : way;
    const SeamItem* item = kind == lane_ ? selected() : nullptr;
    draw_lane(area.row(row++), below, axis_, style,
              item == nullptr ? std::nullopt : std::optional(item->key));
    if (kind != LaneKind::Resent) above = &below;
  }
  return row + (has_edges ? 1 : 0);
}

std::vector<Line> SeamsScreen::details(const Session& session) const {
  const SeamItem* item = selected();
  if (item == nullptr) {
    const bool other = session.has_ended();
    return {Line(other ? "No bytes went this way; o shows the other direction."
                       : "No bytes so far; o shows the other direction.",
                 Style::Muted)};
  }
  return seam_details(session, lanes_, lane_, *item);
}

Outcome SeamsScreen::act(Action action, uint64_t count, const Session& session, Focus& focus) {
  const auto times = static_cast<std::ptrdiff_t>(std::clamp<uint64_t>(count, 1, 1'000'000));
  const auto shown = static_cast<std::ptrdiff_t>(items_in(lane(), axis_.range()).size());
  if (action == Action::Right) {
    move(times);
  } else if (action == Action::Left) {
    move(-times);
  } else if (action == Action::PageDown || action == Action::HalfDown) {
    move(std::max<std::ptrdiff_t>(1, shown));
  } else if (action == Action::PageUp || action == Action::HalfUp) {
    move(-std::max<std::ptrdiff_t>(1, shown));
  } else if (action == Action::First || (action == Action::Last && count > 0)) {
    move(times - 1 - static_cast<std::ptrdiff_t>(at_));
  } else if (action == Action::Last) {
    move(static_cast<std::ptrdiff_t>(lane().items.size()));
  } else if (action == Action::Down || action == Action::NextPane) {
    change_lane(1);
  } else if (action == Action::Up || action == Action::PreviousPane) {
    change_lane(-1);
  } else if (action == Action::ZoomIn || action == Action::ZoomOut) {
    zoom(action);
  } else if (action == Action::Other) {
    direction_ = opposite(direction_);
    at_ = 0;
    lane_ = LaneKind::Frames;
  } else if (action == Action::Follow) {
    follow_ = !follow_;
  } else if (action == Action::Enter) {
    return enter(session, focus);
  } else {
    return Outcome::Ignored;
  }
  return Outcome::Done;
}

// To the call or the packet.
Outcome SeamsScreen::enter(const Session& session, Focus& focus) const {
  const SeamItem* item = selected();
  if (item == nullptr) return Outcome::Ignored;
  focus.packet = 0;
  if (lane_ == LaneKind::Sends || lane_ == LaneKind::Receives) {
    focus.call = item->key;
  } else if (lane_ == LaneKind::Frames) {
    const FrameRecord* frame = session.frames().find(item->key);
    focus.packet = frame == nullptr ? 0 : frame->last_packet;
  } else {
    focus.packet = item->label;
  }
  return Outcome::Enter;
}

void SeamsScreen::move(std::ptrdiff_t items) {
  const auto last = static_cast<std::ptrdiff_t>(lane().items.size()) - 1;
  if (items < 0) follow_ = false;
  at_ = static_cast<size_t>(std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(at_) + items, 0,
                                                       std::max<std::ptrdiff_t>(0, last)));
}

void SeamsScreen::zoom(Action action) {
  const uint64_t now = axis_.a_column;
  zoomed_ =
      action == Action::ZoomIn ? std::max<uint64_t>(1, now / 2) : std::min(kMostZoomed, now * 2);
}

// To the item that lies nearest to the one that was selected.
void SeamsScreen::change_lane(int step) {
  const uint64_t byte = selected() == nullptr ? 0 : selected()->range.begin;
  auto kind = static_cast<int>(lane_);
  do {
    kind = (kind + step + static_cast<int>(kLanes)) % static_cast<int>(kLanes);
  } while (lanes_.lane(static_cast<LaneKind>(kind)).items.empty() &&
           kind != static_cast<int>(lane_));
  lane_ = static_cast<LaneKind>(kind);
  const auto& items = lane().items;
  const auto behind = std::ranges::upper_bound(
      items, byte, {}, [](const SeamItem& item) { return item.range.begin; });
  at_ = behind == items.begin() ? 0 : static_cast<size_t>(behind - items.begin()) - 1;
}

// To the frame that ends with it.
void SeamsScreen::go_to_packet(const Session& session, const Focus& focus, uint64_t packet) {
  const SegmentRecord* segment = session.find_segment(packet);
  if (segment == nullptr) return;
  direction_ = segment->segment.direction;
  lane_ = LaneKind::Frames;
  follow_ = false;
  lanes_.collect(session, segment->connection, direction_, focus.horizon);
  const auto at = std::ranges::find_if(lane().items, [&](const SeamItem& item) {
    const FrameRecord* frame = session.frames().find(item.key);
    return frame != nullptr && frame->last_packet == packet;
  });
  at_ = at == lane().items.end() ? 0 : static_cast<size_t>(at - lane().items.begin());
}

void SeamsScreen::go_to_call(const Session& session, const Focus& focus, uint64_t index) {
  const TracedCall* call = session.calls().find(index);
  if (call == nullptr || !call->moved) return;
  direction_ = call->moved->direction;
  lane_ = call->sent() ? LaneKind::Sends : LaneKind::Receives;
  follow_ = false;
  lanes_.collect(session, call->connection, direction_, focus.horizon);
  const auto at = std::ranges::find(lane().items, index, &SeamItem::key);
  at_ = at == lane().items.end() ? 0 : static_cast<size_t>(at - lane().items.begin());
}

std::string SeamsScreen::selected_text(const Session& session) const {
  std::string text;
  for (const Line& line : details(session)) text += text_of(line) + '\n';
  return text;
}

}  // namespace wireseam
