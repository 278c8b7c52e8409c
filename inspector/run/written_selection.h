// SPDX-License-Identifier: Apache-2.0
// Writes what was selected on a screen to a file: as its name ends, packets, JSON Lines or bytes.
#pragma once

#include <string>

#include "inspector/frame/framing_rules.h"
#include "inspector/ui/screen_selection.h"

namespace wireseam {

// What is to be said to the user: how much was written, or why not. Never writes over a file.
std::string write_selection(const Session& session, const ScreenSelection& selection,
                            const std::string& file, const FramingRules& framing);

}  // namespace wireseam
