// SPDX-License-Identifier: Apache-2.0
// `wireseam demo`: records a scenario while it is played, and shows and explains what was seen.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "common/output/output.h"
#include "demo/scenario.h"

namespace wireseam {

struct DemoRequest {
  const Scenario* scenario = nullptr;
  std::string folder;  // where the recording is kept; empty: nowhere
  Color color = Color::Auto;
};

// Prints to standard output. Returns 0, or as wait(2) does which signal ended it: Ctrl-C leaves
// nothing behind. Throws Error where the scenario can't be played or recorded.
int32_t play_demo(const DemoRequest& request, const std::function<void(const std::string&)>& warn);

}  // namespace wireseam
