// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/lane_picture.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace wireseam {
namespace {

constexpr size_t kMostBars = 40;  // of a lane: more than a line has room for
constexpr size_t kNameWidth = 11;
constexpr std::string_view kIndent = "  ";
constexpr std::string_view kNames[] = {"sends", "segments", "frames", "receives"};

void begin_line(std::string& out, std::string_view name) {
  out += kIndent;
  out += name;
  out.append(kNameWidth - name.size(), ' ');
}

// Puts the text at a column of a line, as far as the line goes.
void put(std::string& line, size_t column, std::string_view text) {
  if (column >= line.size()) return;
  text = text.substr(0, line.size() - column);
  std::copy(text.begin(), text.end(), line.begin() + static_cast<std::ptrdiff_t>(column));
}

void end_line(std::string& out, std::string line, bool cut) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line;
  out += cut ? "...\n" : "\n";
}

}  // namespace

void LanePicture::add(LaneName lane, ByteRange range, std::string label) {
  auto& bars = lanes_[static_cast<size_t>(lane)];
  if (bars.size() < kMostBars && !range.empty()) bars.push_back({range, std::move(label)});
}

uint64_t LanePicture::end(LaneName lane) const {
  const auto& bars = lanes_[static_cast<size_t>(lane)];
  return bars.empty() ? 0 : bars.back().range.end;
}

// Each edge is as far to the left as the bars that end there permit, and the offsets above them.
std::vector<LanePicture::Edge> LanePicture::edges(size_t width) const {
  std::vector<Edge> edges;
  for (const auto& bars : lanes_)
    for (const Bar& bar : bars)
      for (const uint64_t offset : {bar.range.begin, bar.range.end}) edges.push_back({offset, 0});
  std::ranges::sort(edges, {}, &Edge::offset);
  const auto same = [](const Edge& a, const Edge& b) { return a.offset == b.offset; };
  edges.erase(std::unique(edges.begin(), edges.end(), same), edges.end());
  const auto column_of = [&](uint64_t offset) {
    return std::ranges::lower_bound(edges, offset, {}, &Edge::offset)->column;
  };
  for (size_t i = 1; i < edges.size(); ++i) {
    Edge& edge = edges[i];
    edge.column = edges[i - 1].column + std::to_string(edges[i - 1].offset).size() + 1;
    for (const auto& bars : lanes_)
      for (const Bar& bar : bars)
        if (bar.range.end == edge.offset)
          edge.column = std::max(edge.column, column_of(bar.range.begin) + bar.label.size() + 2);
    if (edge.column + std::to_string(edge.offset).size() <= width) continue;
    edges.resize(i);
    break;
  }
  return edges;
}

void LanePicture::append_to(std::string& out, size_t width) const {
  const size_t room = width - kIndent.size() - kNameWidth - std::string_view("...").size();
  const std::vector<Edge> shown = edges(room);
  if (shown.size() < 2) return;
  const uint64_t end = shown.back().offset;
  std::string line(room, ' ');
  for (const Edge& edge : shown) put(line, edge.column, std::to_string(edge.offset));
  begin_line(out, "bytes");
  end_line(out, line, false);
  for (size_t lane = 0; lane < lanes_.size(); ++lane) {
    line.assign(shown.back().column + 1, ' ');
    bool cut = false;
    for (const Bar& bar : lanes_[lane]) {
      cut = cut || bar.range.end > end;
      if (bar.range.begin >= end) continue;
      const auto begin = std::ranges::lower_bound(shown, bar.range.begin, {}, &Edge::offset);
      put(line, begin->column, "|" + bar.label);
      const auto stop = std::ranges::lower_bound(shown, bar.range.end, {}, &Edge::offset);
      if (stop != shown.end()) put(line, stop->column, "|");
    }
    begin_line(out, kNames[lane]);
    end_line(out, lanes_[lane].empty() ? "-" : line, cut);
  }
}

}  // namespace wireseam
