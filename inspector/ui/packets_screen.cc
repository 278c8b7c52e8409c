// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/packets_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inspector/session/dissection.h"
#include "inspector/ui/packet_details.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr int kLeastEnd = 12;  // columns for an address with its port
constexpr int kRest = 34;      // columns for what else there is to be said

bool is_selected(const Session& session, const Focus& focus, const RawPacket& raw) {
  if (focus.connection == 0 && focus.filter.empty()) return true;
  const SegmentRecord* segment = session.find_segment(raw.number);
  if (focus.connection != 0 && (segment == nullptr || segment->connection != focus.connection))
    return false;
  const uint64_t id = segment == nullptr ? 0 : segment->connection;
  return focus.filter.selects({.connection = session.find_connection(id),
                               .segment = segment,
                               .frame = nullptr,
                               .length = raw.wire_length});
}

// Whole, where the line is not to be cut off.
std::string shown(const std::string& text, int width) {
  return width == 0 ? text : shortened(text, width);
}

// Sequence numbers as they count in the connection.
std::string segment_text(const SegmentRecord& record) {
  const Segment& segment = record.segment;
  std::string text = segment.flags == 0 ? "udp" : flags_text(segment.flags);
  if (!segment.range.empty()) text += fmt::format(" {}-{}", segment.range.begin, segment.range.end);
  if ((segment.flags & kAck) != 0) text += fmt::format(" ack {}", segment.ack);
  return text;
}

Style style_of(const SegmentRecord* record) {
  if (record == nullptr) return Style::Muted;
  if (is_problem(*record)) return Style::Trouble;
  if (!notes_text(*record).empty()) return Style::Note;
  return record->segment.direction == Direction::ToServer ? Style::ToServer : Style::ToClient;
}

}  // namespace

std::string PacketsScreen::title(const Session& session, const Focus& focus) const {
  std::string text = counted(list().keys.size(), "packet");
  if (focus.connection != 0) text += fmt::format(" of #{}", focus.connection);
  if (!focus.filter.empty()) text += ": " + focus.filter.text();
  if (session.fallen().packets > 0)
    text += fmt::format(" ({} older ones fell away)", session.fallen().packets);
  return text;
}

void PacketsScreen::reset(Start start) {
  ListScreen::reset(start);
  seen_ = 0;
}

// The newest packet is left for the next time where its segment is not there yet.
void PacketsScreen::collect(const Session& session, const Focus& focus, ListCursor& list) {
  const PacketStore& packets = session.packets();
  while (!list.keys.empty() && list.keys.front() < packets.begin()) list.keys.pop_front();
  for (seen_ = std::max(seen_, packets.begin());
       seen_ < std::min(packets.end(), focus.horizon.packets); ++seen_)
    if (const auto raw = packets.at(seen_); is_selected(session, focus, *raw))
      list.keys.push_back(seen_);
}

void PacketsScreen::update(const Session& session, const Focus& focus, Size size) {
  ListScreen::update(session, focus, size);
  end_width_ = kLeastEnd;
  for (size_t at = list().top(); at < std::min(list().keys.size(), list().top() + 100); ++at) {
    const PacketSummary summary = summarize(*session.packets().at(list().keys[at]));
    end_width_ = std::max({end_width_, static_cast<int>(summary.source.size()),
                           static_cast<int>(summary.destination.size())});
  }
  end_width_ = std::min(end_width_, std::max(kLeastEnd, (size.columns - kRest) / 2));
}

Line PacketsScreen::heading(const Session& /*session*/, int /*width*/) const {
  const int end = end_width_;
  return Line(fmt::format("{:>6} {:>10} {:<{}} {:<{}} {:>5} {}", "packet", "time", "source", end,
                          "destination", end, "bytes", "what"));
}

Line PacketsScreen::line(const Session& session, uint64_t key, int width) const {
  const auto raw = session.packets().at(key);
  if (!raw) return {};
  const SegmentRecord* record = session.find_segment(raw->number);
  const PacketSummary summary = summarize(*raw);
  const int end = width >= kWholeWidth ? 0 : end_width_;
  const Style style = style_of(record);
  Line line(fmt::format("{:>6} {:>10} ", raw->number, clock_text(session, raw->time_ns)));
  line.add(fmt::format("{:<{}} {:<{}} ", shown(summary.source, end), end,
                       shown(summary.destination, end), end),
           style);
  line.add(fmt::format("{:>5} ", raw->wire_length));
  if (record == nullptr) return line.add(summary.protocol + " " + summary.info, style);
  if (const std::string notes = notes_text(*record); !notes.empty()) line.add(notes + " ", style);
  return line.add(segment_text(*record));
}

// All that the filter selects, as the screen shows it.
ScreenSelection PacketsScreen::selection(const Session& session, const Focus& /*focus*/) const {
  std::vector<uint64_t> numbers;
  for (const uint64_t index : list().keys)
    if (const auto raw = session.packets().at(index)) numbers.push_back(raw->number);
  return select_packets(session, std::move(numbers));
}

void PacketsScreen::go_to_packet(const Session& session, const Focus& /*focus*/, uint64_t packet) {
  for (const uint64_t index : list().keys)
    if (const auto raw = session.packets().at(index); raw && raw->number == packet) {
      go_to_key(index);
      return;
    }
}

bool PacketsScreen::is_problem_at(const Session& session, uint64_t key) const {
  const auto raw = session.packets().at(key);
  const SegmentRecord* record = raw ? session.find_segment(raw->number) : nullptr;
  return record != nullptr && is_problem(*record);
}

Paper PacketsScreen::details(const Session& session, uint64_t key, int /*width*/) const {
  const auto raw = session.packets().at(key);
  return raw ? packet_paper(session, *raw) : Paper{};
}

std::string PacketsScreen::nothing(const Session& session, const Focus& focus) const {
  if (!focus.filter.empty()) return "No packet fits the filter; & and Enter takes it away.";
  return session.has_ended() ? "There are no packets." : "Waiting for the first packets.";
}

Outcome PacketsScreen::enter(const Session& session, uint64_t key, Focus& focus) {
  const auto raw = session.packets().at(key);
  const SegmentRecord* record = raw ? session.find_segment(raw->number) : nullptr;
  if (record == nullptr) return Outcome::Done;
  focus.connection = record->connection;
  focus.packet = raw->number;
  return Outcome::Enter;
}

}  // namespace wireseam
