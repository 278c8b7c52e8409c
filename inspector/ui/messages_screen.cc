// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/messages_screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "inspector/ui/words.h"

namespace wireseam {

std::string MessagesScreen::title(const Session& session, const Focus& focus) const {
  return counted(std::min<uint64_t>(session.messages().size(), focus.horizon.messages), "message");
}

Paper MessagesScreen::paper(const Session& session, const Focus& /*focus*/) const {
  std::vector<Line> lines;
  const SessionTotals& totals = session.totals();
  lines.emplace_back(counted(totals.packets, "packet") + ", " + counted(totals.wire_bytes, "byte") +
                     " on the wire, " + counted(totals.connections, "connection") + ", " +
                     counted(totals.frames, "frame"));
  lines.emplace_back("dropped: " + to_string(totals.losses),
                     totals.losses.any() ? Style::Trouble : Style::Plain);
  const FallenAway& fallen = session.fallen();
  if (fallen.packets > 0) {
    lines.emplace_back(
        fmt::format("The details of the first {} packets fell away (--memory);", fallen.packets),
        Style::Note);
    lines.emplace_back("what is counted stays right.", Style::Note);
  }
  if (fallen.connections > 0)
    lines.emplace_back(fmt::format("{} connections that had ended fell away.", fallen.connections),
                       Style::Note);
  lines.emplace_back("");
  for (const Message& message : session.messages())
    lines.push_back(Line(fmt::format("{:>12} ", clock_text(session, message.time_ns)), Style::Muted)
                        .add(message.text));
  return Paper::of(std::move(lines));
}

}  // namespace wireseam
