// SPDX-License-Identifier: Apache-2.0
// What the calls of either end tell of a connection.
#pragma once

#include <vector>

#include "inspector/session/traced_call.h"
#include "inspector/ui/line.h"

namespace wireseam {

std::vector<Line> party_lines(const CallsRecord& calls);

}  // namespace wireseam
