// SPDX-License-Identifier: Apache-2.0
// Finds the collector's region and maps it. Leaves no descriptor behind.
#pragma once

#include "tracer/trace/format.h"

namespace wireseam {

struct MappedRegion {
  RegionHeader* header = nullptr;  // nullptr: there is none, or it can't be used
  uint32_t chunks = 0;             // that are mapped
  uint32_t chunks_in_file = 0;
  // What its header said when it was looked at, within what is possible.
  RegionClock clock = RegionClock::Realtime;
  uint32_t payload_limit = 0;
  bool by_door = false;  // it was asked for, as it could not be opened by its path
};

// kRegionVariable's value; nullptr where there is none.
const char* region_variable(char** environment);

MappedRegion map_region(const char* variable);

}  // namespace wireseam
