// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/help_screen.h"

#include <fmt/format.h>

namespace wireseam {
namespace {

constexpr std::string_view kBehind[] = {
    "",
    "A number that is typed without a pause before g or G is a line: 120G.",
    "Before other keys it has a 0, 8 or 9 in it, since 1 to 7 are screens: 05j.",
    "",
    "A filter is made of  tcp  udp  port N  host ADDRESS  state WORD  problem",
    "note WORD  call NAME  and of comparisons (< <= > >= = !=) with numbers of",
    "connection packets segments bytes frames retransmissions problems notes rtt",
    "length payload pid;  with and, or, not and parentheses.",
};

}  // namespace

std::string HelpScreen::title(const Session& /*session*/, const Focus& /*focus*/) const {
  return "help";
}

Paper HelpScreen::paper(const Session& /*session*/, const Focus& /*focus*/) const {
  std::vector<Line> lines;
  for (const ActionRow& row : action_rows()) {
    if (row.action)
      lines.push_back(
          Line(fmt::format("  {:<20}", row.keys), Style::BarKey).add(std::string(row.help)));
    else
      lines.emplace_back(std::string(row.help), Style::Heading);
  }
  for (const std::string_view text : kBehind) lines.emplace_back(std::string(text));
  return Paper::of(std::move(lines));
}

}  // namespace wireseam
