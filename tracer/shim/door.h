// SPDX-License-Identifier: Apache-2.0
// Asks root's collector for the region (region_door.h), where its path can't be opened.
#pragma once

namespace wireseam {

// A descriptor, or -errno: at once where nobody is at the door, as the collector has ended or lives
// in another network namespace. `key` is what stands behind the path in kRegionVariable.
long ask_at_door(const char* key);

}  // namespace wireseam
