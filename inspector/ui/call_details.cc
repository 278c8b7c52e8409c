// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/call_details.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr size_t kLongest = 4096;  // bytes of a line that are shown

void append_wrapped(std::vector<Line>& lines, std::string_view text, int width) {
  const auto room = static_cast<size_t>(std::max(20, width - 2));
  text = text.substr(0, kLongest);
  for (; !text.empty(); text.remove_prefix(std::min(room, text.size())))
    lines.emplace_back("  " + std::string(text.substr(0, room)));
}

}  // namespace

std::string caller_text(const Session& session, const TracedCall& call) {
  const std::string_view program = session.program(call.process);
  std::string text =
      fmt::format("{} ({})", program.empty() ? std::string_view("?") : program, call.pid);
  if (call.tid != call.pid) text += fmt::format(", thread {}", call.tid);
  return text;
}

std::vector<Line> moved_lines(const MovedBytes& moved, bool sent) {
  Line line(
      fmt::format("  {} {}-{}", sent ? "sent" : "received", moved.range.begin, moved.range.end));
  if (moved.room > moved.range.size())
    line.add(fmt::format(" of {} {}", moved.room, sent ? "offered" : "wanted"), Style::Muted);
  line.add(", " + counted(moved.segments, "segment") + ", " + counted(moved.frames, "frame"));
  const int64_t wait_ns = sent ? moved.delay.last_ns : moved.queued_ns;
  if (moved.segments > 0 && wait_ns >= 0)
    line.add(fmt::format(", {} {}", sent ? "on the wire after" : "queued for",
                         span_text(static_cast<uint64_t>(wait_ns))));
  if (moved.urgent) line.add(", urgent", Style::Note);
  if (moved.ambiguous) line.add(", another call at the same time", Style::Note);
  std::vector<Line> lines{std::move(line)};
  if (sent && moved.delay.hold != Hold::None)
    lines.emplace_back(fmt::format("  held: {}", words_of(moved.delay.hold)), Style::Note);
  return lines;
}

std::vector<Line> call_lines(const Session& session, const TracedCall& call, int width) {
  std::vector<Line> lines;
  lines.push_back(Line(caller_text(session, call), Style::Heading));
  if (!call.name.empty())
    lines.back().add(fmt::format("  {} at {} for {}", call.name, clock_text(session, call.begin_ns),
                                 span_text(call.duration_ns)));
  if (const ConnectionRecord* connection = session.find_connection(call.connection))
    lines.push_back(
        Line("  " + name_of(*connection), Style::Muted)
            .add(call.role == Role::Client ? "  by the client" : "  by the server", Style::Muted));
  if (call.moved)
    for (Line& line : moved_lines(*call.moved, call.sent())) lines.push_back(std::move(line));
  append_wrapped(lines, call.text, width);
  return lines;
}

}  // namespace wireseam
