// SPDX-License-Identifier: Apache-2.0
// Records wireseam-player while it plays a scenario.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace wireseam {

// To a folder that must be new or empty; `framing` may be empty. Returns the player's wait(2)
// status. Throws Error where it can't be recorded.
int32_t record_play(const std::string& scenario, const std::string& framing,
                    const std::string& folder, const std::function<void(const std::string&)>& warn);

}  // namespace wireseam
