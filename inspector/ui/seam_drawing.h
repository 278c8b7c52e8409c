// SPDX-License-Identifier: Apache-2.0
// Draws lanes of bars on an axis of bytes.
#pragma once

#include <cstdint>
#include <optional>

#include "inspector/ui/byte_axis.h"
#include "inspector/ui/canvas.h"
#include "inspector/ui/seam_lanes.h"

namespace wireseam {

// Columns for the names of the lanes.
inline constexpr int kLaneNames = 10;

// The axis: an offset every so many columns.
void draw_ruler(const Area& area, const ByteAxis& axis);

// One row of bars with their labels; that of `selected` stands out.
void draw_lane(const Area& area, const SeamLane& lane, const ByteAxis& axis, Style style,
               std::optional<uint64_t> selected);

// One row between two lanes that says of each edge whether the other lane has it, too.
void draw_edges(const Area& area, const SeamLane& above, const SeamLane& below,
                const ByteAxis& axis);

}  // namespace wireseam
