// SPDX-License-Identifier: Apache-2.0
// The selected bar of the seams at length: how it lies in the other lanes, in words and numbers.
#pragma once

#include <vector>

#include "inspector/ui/line.h"
#include "inspector/ui/seam_lanes.h"

namespace wireseam {

std::vector<Line> seam_details(const Session& session, const SeamLanes& lanes, LaneKind kind,
                               const SeamItem& item);

}  // namespace wireseam
