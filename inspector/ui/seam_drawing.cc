// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/seam_drawing.h"

#include <algorithm>
#include <string>

namespace wireseam {
namespace {

constexpr int kTicks = 10;  // columns from one offset to the next, at least

struct Bar {
  int begin = 0;
  int end = 0;  // behind its last column
};

Bar bar_of(const SeamItem& item, const ByteAxis& axis) {
  const int begin = axis.column_of(item.range.begin);
  return {begin, std::max(begin + 1, axis.column_of(item.range.end))};
}

// Whether a frame or segment of the lane begins or ends at this byte.
bool has_edge(const SeamLane& lane, uint64_t byte) {
  const ByteRange around{byte == 0 ? 0 : byte - 1, byte + 1};
  for (const SeamItem& item : items_in(lane, around))
    if (item.range.begin == byte || item.range.end == byte) return true;
  return false;
}

void draw_lane_edges(const Area& area, const SeamLane& lane, const SeamLane& other,
                     const ByteAxis& axis, char32_t alone) {
  for (const SeamItem& item : items_in(lane, axis.range())) {
    for (const uint64_t byte : {item.range.begin, item.range.end}) {
      if (byte < axis.begin || byte >= axis.range().end) continue;
      const bool shared = has_edge(other, byte);
      const char32_t both = area.unicode() ? U'│' : U'|';
      area.put(0, kLaneNames + axis.column_of(byte), shared ? both : alone,
               shared ? Style::Good : Style::Edge);
    }
  }
}

}  // namespace

void draw_ruler(const Area& area, const ByteAxis& axis) {
  area.write(0, 0, "bytes", Style::Muted);
  const auto longest = static_cast<int>(std::to_string(axis.range().end).size());
  for (int column = 0; column < axis.columns; column += std::max(kTicks, longest + 1)) {
    const uint64_t byte = axis.begin + axis.a_column * static_cast<uint64_t>(column);
    const std::string text = std::to_string(byte);
    if (column + static_cast<int>(text.size()) <= axis.columns)
      area.write(0, kLaneNames + column, text, Style::Muted);
  }
}

void draw_lane(const Area& area, const SeamLane& lane, const ByteAxis& axis, Style style,
               std::optional<uint64_t> selected) {
  area.write(0, 0, lane.name, style);
  if (lane.items.empty()) area.write(0, kLaneNames, "-", Style::Muted);
  int drawn = 0;  // columns in which a bar stands
  for (const SeamItem& item : items_in(lane, axis.range())) {
    const Bar bar = bar_of(item, axis);
    const bool is_selected = item.key == selected;
    const Style look = is_selected ? Style::Selected : style;
    const bool crowded = bar.begin < drawn;
    for (int column = std::max(bar.begin, is_selected ? 0 : drawn); column < bar.end; ++column)
      area.put(0, kLaneNames + column, area.unicode() ? U'─' : U'-', look);
    if (!crowded || is_selected) {
      const bool begins = item.range.begin >= axis.begin;
      if (begins) area.put(0, kLaneNames + bar.begin, area.unicode() ? U'├' : U'[', look);
      const std::string label = std::to_string(item.label);
      if (item.label != 0 && bar.end - bar.begin > static_cast<int>(label.size()))
        area.write(0, kLaneNames + bar.begin + 1, label, look);
    } else {
      // Several in one column.
      area.put(0, kLaneNames + bar.begin, area.unicode() ? U'▒' : U'#', look);
    }
    drawn = std::max(drawn, bar.end);
  }
}

void draw_edges(const Area& area, const SeamLane& above, const SeamLane& below,
                const ByteAxis& axis) {
  if (above.items.empty() || below.items.empty()) return;
  draw_lane_edges(area, below, above, axis, area.unicode() ? U'╷' : U',');
  draw_lane_edges(area, above, below, axis, area.unicode() ? U'╵' : U'\'');
}

}  // namespace wireseam
