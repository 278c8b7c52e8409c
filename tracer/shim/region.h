// SPDX-License-Identifier: Apache-2.0
// Finds the collector's region and maps it. Leaves no descriptor behind.
#pragma once

#include "tracer/trace/format.h"

namespace wireseam {

// What the environment names; nullptr where it names none, or one that is not there for us.
RegionHeader* map_region(char** environment);

}  // namespace wireseam
