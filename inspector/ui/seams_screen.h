// SPDX-License-Identifier: Apache-2.0
// One direction of a connection on the axis of its bytes: segments and frames as bars, and where
// they are known sends and receives, so that it can be seen where their edges meet and where not.
#pragma once

#include <optional>

#include "inspector/ui/byte_axis.h"
#include "inspector/ui/line.h"
#include "inspector/ui/screen.h"
#include "inspector/ui/seam_lanes.h"

namespace wireseam {

class SeamsScreen final : public Screen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;
  void update(const Session& session, const Focus& focus, Size size) override;
  void draw(const Session& session, const Focus& focus, const Area& area) const override;
  Outcome act(Action action, uint64_t count, const Session& session, Focus& focus) override;
  std::string selected_text(const Session& session) const override;
  void go_to_packet(const Session& session, const Focus& focus, uint64_t packet) override;
  void go_to_call(const Session& session, const Focus& focus, uint64_t index) override;
  bool follows() const override { return follow_; }
  void reset(Start start) override;

 private:
  const SeamLane& lane() const { return lanes_.lane(lane_); }
  const SeamItem* selected() const;
  bool is_shown(LaneKind kind) const;
  int draw_lanes(const Area& area) const;
  void choose_lane();
  Outcome enter(const Session& session, Focus& focus) const;
  void settle_axis(int columns);
  void zoom(Action action);
  void move(std::ptrdiff_t items);
  void change_lane(int step);
  std::vector<Line> details(const Session& session) const;

  SeamLanes lanes_;
  Direction direction_ = Direction::ToServer;
  LaneKind lane_ = LaneKind::Frames;
  size_t at_ = 0;  // the selected item of the lane
  bool follow_ = false;
  ByteAxis axis_;
  std::optional<uint64_t> zoomed_;  // bytes a column, as the user wants it
};

}  // namespace wireseam
