// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/frames_screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "inspector/ui/frame_details.h"
#include "inspector/ui/words.h"

namespace wireseam {

std::string FramesScreen::title(const Session& session, const Focus& focus) const {
  std::string text = counted(list().keys.size(), "frame");
  if (focus.connection != 0) text += fmt::format(" of #{}", focus.connection);
  if (!focus.filter.empty()) text += ": " + focus.filter.text();
  if (session.frames().begin() > 0)
    text += fmt::format(" ({} older ones fell away)", session.frames().begin());
  return text;
}

void FramesScreen::reset(Start start) {
  ListScreen::reset(start);
  seen_ = 0;
}

void FramesScreen::collect(const Session& session, const Focus& focus, ListCursor& list) {
  const Kept<FrameRecord>& frames = session.frames();
  while (!list.keys.empty() && list.keys.front() < frames.begin()) list.keys.pop_front();
  for (seen_ = std::max(seen_, frames.begin());
       seen_ < std::min(frames.end(), focus.horizon.frames); ++seen_) {
    const FrameRecord* frame = frames.find(seen_);
    if (focus.connection != 0 && frame->connection != focus.connection) continue;
    if (focus.filter.selects({.connection = session.find_connection(frame->connection),
                              .segment = nullptr,
                              .frame = frame,
                              .length = frame->range.size()}))
      list.keys.push_back(seen_);
  }
}

Line FramesScreen::heading(const Session& /*session*/, int /*width*/) const {
  return Line(fmt::format("{:>11} {:>5} {:>7} {:>9} {:>5} {}", "time", "conn", "frame", "bytes",
                          "segm", "header"));
}

Line FramesScreen::line(const Session& session, uint64_t key, int /*width*/) const {
  const FrameRecord* frame = session.frames().find(key);
  if (frame == nullptr) return {};
  const Style style = is_problem(*frame)                        ? Style::Trouble
                      : frame->direction == Direction::ToServer ? Style::ToServer
                                                                : Style::ToClient;
  Line line(fmt::format("{:>11} ", clock_text(session, frame->last_ns)));
  line.add(fmt::format("{:>5} ", fmt::format("#{}", frame->connection)), Style::Muted);
  const std::string number = frame->number == 0 ? "-" : std::to_string(frame->number);
  line.add(fmt::format("{} {:>5} ", arrow(frame->direction), number), style);
  line.add(fmt::format("{:>9} {:>5} ", frame->range.size(), frame->packets()));
  if (frame->number == 0) return line.add("no frame: " + frame->flaw, style);
  if (frame->missing > 0) line.add(fmt::format("{} bytes missing ", frame->missing), style);
  return line.add(frame->json_header ? frame->header : "");
}

ScreenSelection FramesScreen::selection(const Session& session, const Focus& /*focus*/) const {
  const FrameRecord* frame = list().key() ? session.frames().find(*list().key()) : nullptr;
  return frame == nullptr ? ScreenSelection{} : select_frame(session, *frame);
}

bool FramesScreen::is_problem_at(const Session& session, uint64_t key) const {
  const FrameRecord* frame = session.frames().find(key);
  return frame != nullptr && is_problem(*frame);
}

Paper FramesScreen::details(const Session& session, uint64_t key, int /*width*/) const {
  const FrameRecord* frame = session.frames().find(key);
  return frame == nullptr ? Paper{} : frame_paper(session, *frame);
}

std::string FramesScreen::nothing(const Session& session, const Focus& focus) const {
  if (!focus.filter.empty()) return "No frame fits the filter; & and Enter takes it away.";
  return session.has_ended() ? "No frames were found." : "Waiting for the first frame.";
}

Outcome FramesScreen::enter(const Session& session, uint64_t key, Focus& focus) {
  const FrameRecord* frame = session.frames().find(key);
  if (frame == nullptr) return Outcome::Ignored;
  focus.connection = frame->connection;
  focus.packet = frame->last_packet;
  return Outcome::Enter;
}

}  // namespace wireseam
