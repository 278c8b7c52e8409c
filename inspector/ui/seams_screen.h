// SPDX-License-Identifier: Apache-2.0
// One direction of a connection on the axis of its bytes: the segments and the frames as bars.
#pragma once

#include "inspector/ui/screen.h"

namespace wireseam {

class SeamsScreen final : public Screen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;
  void update(const Session& session, const Focus& focus, Size size) override;
  void draw(const Session& session, const Focus& focus, const Area& area) const override;
  Outcome act(Action action, uint64_t count, const Session& session, Focus& focus) override;
  void reset(Start start) override;

 private:
  Direction direction_ = Direction::ToServer;
};

}  // namespace wireseam
