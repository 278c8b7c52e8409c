// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/text_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "common/count_text.h"
#include "inspector/flow/elapsed.h"
#include "inspector/report/ladder.h"
#include "inspector/report/text_line.h"
#include "inspector/report/units.h"

namespace wireseam {
namespace {

// What the capture cut off: "; window scale, SACK, timestamps unknown (cut off)"
std::string unknown_options_text(const Half& half) {
  std::string text;
  const auto add = [&text](bool unknown, std::string_view name) {
    if (!unknown) return;
    text += text.empty() ? "" : ", ";
    text += name;
  };
  add(half.window_scale_unknown(), "window scale");
  add(half.sack_unknown(), "SACK");
  add(half.timestamps_unknown(), "timestamps");
  if (text.empty()) return text;
  return half.mss_unknown() ? "; so are " + text : "; " + text + " unknown (cut off)";
}

// "MSS 1460, window scale 7, SACK, timestamps"
std::string options_text(const Half& half) {
  std::string text = half.mss == 0 ? "no MSS" : fmt::format("MSS {}", half.mss);
  if (half.mss_unknown()) text = "MSS unknown (cut off)";
  if (half.window_scaled) text += fmt::format(", window scale {}", half.window_shift);
  if (half.sack_permitted) text += ", SACK";
  if (half.timestamps) text += ", timestamps";
  return text + unknown_options_text(half);
}

// Why bytes are in no frame, and can't be shown.
void append_unshown(std::string& out, const Connection& connection) {
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    const Incidents& incidents = *connection.half(direction).incidents;
    const auto tell = [&](uint64_t bytes, std::string_view what) {
      if (bytes == 0) return;
      fmt::format_to(std::back_inserter(out), "    {}: {} {}\n",
                     direction == Direction::ToServer ? "to server" : "to client",
                     count_text(bytes, "byte"), what);
    };
    tell(incidents.cut_bytes, "not captured: packets were cut off");
    tell(incidents.bytes_before_axis, "from before the first one captured came late: in no stream");
  }
}

void append_counts(std::string& out, std::string_view name, const Half& half) {
  fmt::format_to(std::back_inserter(out), "    {:<11}{:>10}{:>10}{:>14}{:>11}{:>11}{:>9}\n", name,
                 half.packets, half.segments, half.sent_end, half.incidents->resent_bytes,
                 half.incidents->missing_bytes, half.incidents->reordered);
}

void append_ladders(std::string& out, const Connection& connection) {
  std::vector<LadderRow> rows = handshake_rows(connection);
  const std::vector<LadderRow> ending = teardown_rows(connection);
  rows.insert(rows.end(), ending.begin(), ending.end());
  if (!rows.empty()) append_ladder(out, rows);
}

void append_round_trips(std::string& out, const Connection& connection) {
  const Handshake& shake = connection.handshake;
  if (shake.server_rtt_ns() == 0) return;
  const auto line = std::back_inserter(out);
  fmt::format_to(line, "    round trips: server side {}", duration_text(shake.server_rtt_ns()));
  if (shake.client_rtt_ns() != 0)
    fmt::format_to(line, ", client side {}", duration_text(shake.client_rtt_ns()));
  out += '\n';
}

void append_options(std::string& out, const Connection& connection) {
  const auto line = std::back_inserter(out);
  const Half& client = connection.half(Direction::ToServer);
  const Half& server = connection.half(Direction::ToClient);
  if (client.syn_seen) fmt::format_to(line, "    client: {}\n", options_text(client));
  if (server.syn_seen) fmt::format_to(line, "    server: {}\n", options_text(server));
}

// "12 frames: 10 in one segment each, 2 split
//  9 segments: 3 with several frames, 6 with just one whole frame"
std::string seams_text(const SeamCounts& counts, std::string_view indent) {
  return fmt::format(
      "{}: {} in one segment each, {} split\n{}{}: {} with several frames, {} with just one\n",
      count_text(counts.frames, "frame"), counts.frames - counts.split, counts.split, indent,
      count_text(counts.segments, "segment"), counts.coalesced, counts.aligned);
}

// A framing that was detected has its name in the reason.
void append_framing(std::string& out, std::string_view name, std::string_view reason) {
  const Paint paint(Paint::Colors::None);
  TextLine line(out, paint);
  line.add("    framing");
  if (!reason.starts_with(name)) line.add_part(fmt::format("{},", name));
  while (!reason.empty()) {
    const size_t end = std::min(reason.find(", "), reason.size() - 1) + 1;
    line.add_part(reason.substr(0, end));
    reason.remove_prefix(std::min(end + 1, reason.size()));
  }
}

void append_frames(std::string& out, const ConnectionFrames& frames) {
  const auto line = std::back_inserter(out);
  if (frames.framing() == nullptr) return;
  append_framing(out, to_string(*frames.framing()), frames.reason());
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    const auto counts = frames.seams(direction);
    if (!counts) continue;
    const std::string_view where = direction == Direction::ToServer ? "to server" : "to client";
    fmt::format_to(line, "    {} {}", where, seams_text(*counts, "              "));
    if (frames.undecoded_bytes(direction) > 0)
      fmt::format_to(line, "              {} bytes in no frame\n",
                     frames.undecoded_bytes(direction));
  }
}

std::string_view verdict_text(DecodeVerdict verdict) {
  switch (verdict) {
    case DecodeVerdict::Whole:
      return "followed, but flawed";
    case DecodeVerdict::Other:
      return "not followed";
    case DecodeVerdict::Fragment:
      return "fragments";
    case DecodeVerdict::Truncated:
      return "cut off by the capture";
    case DecodeVerdict::Malformed:
      return "malformed";
  }
  return "";
}

}  // namespace

void append_block(std::string& out, const Connection& connection, const ConnectionFrames* frames) {
  const auto line = std::back_inserter(out);
  if (connection.key.transport == Transport::Tcp) {
    append_ladders(out, connection);
    append_round_trips(out, connection);
    append_options(out, connection);
    fmt::format_to(line, "    completeness {}\n", connection.completeness);
  }
  fmt::format_to(line, "    {:<11}{:>10}{:>10}{:>14}{:>11}{:>11}{:>9}\n", "", "packets",
                 "with data", "bytes", "resent", "missing", "late");
  append_counts(out, "to server", connection.half(Direction::ToServer));
  append_counts(out, "to client", connection.half(Direction::ToClient));
  append_unshown(out, connection);
  if (frames != nullptr) append_frames(out, *frames);
}

void append_summary(std::string& out, const CaptureSummary& summary) {
  const auto line = std::back_inserter(out);
  fmt::format_to(line, "{}, {} bytes, in {}\n", count_text(summary.packets, "packet"),
                 summary.wire_bytes, duration_text(elapsed_ns(summary.first_ns, summary.last_ns)));
  if (summary.copies > 0)
    fmt::format_to(line, "    {} seen before on another interface, which count once\n",
                   count_text(summary.copies, "packet"));
  fmt::format_to(line, "    {}, {}, {}\n", count_text(summary.tcp_connections, "TCP connection"),
                 count_text(summary.udp_connections, "UDP conversation"),
                 count_text(summary.notes, "note"));
  const FrameTotals& frames = summary.frames;
  if (frames.seams.frames > 0) fmt::format_to(line, "    {}", seams_text(frames.seams, "    "));
  if (frames.datagrams > 0)
    fmt::format_to(line, "    {} among these frames\n", count_text(frames.datagrams, "datagram"));
  if (frames.undecoded_bytes > 0)
    fmt::format_to(line, "    {} bytes in no frame\n", frames.undecoded_bytes);
  for (const DecodeCount& count : summary.decoded.by_reason())
    fmt::format_to(line, "    {}: {} ({})\n", count.reason, count_text(count.packets, "packet"),
                   verdict_text(count.verdict));
  if (summary.flows.given_up > 0)
    fmt::format_to(line, "    {} given up: there were too many\n",
                   count_text(summary.flows.given_up, "connection"));
  if (summary.flows.holes_given_up_for_memory > 0)
    fmt::format_to(line, "    {} given up: too much had to wait behind them\n",
                   count_text(summary.flows.holes_given_up_for_memory, "hole"));
  if (summary.unplaced.ends > 0 && summary.unplaced.calls == 0)
    fmt::format_to(line, "    calls were missed at {} of connections\n",
                   count_text(summary.unplaced.ends, "end"));
  else if (summary.unplaced.ends > 0)
    fmt::format_to(line, "    {} of {} bytes have no known place, at {} of connections\n",
                   count_text(summary.unplaced.calls, "call"), summary.unplaced.bytes,
                   count_text(summary.unplaced.ends, "end"));
  if (summary.losses.any()) fmt::format_to(line, "    dropped: {}\n", to_string(summary.losses));
}

}  // namespace wireseam
