// SPDX-License-Identifier: Apache-2.0
// `wireseam demo`: records a scenario while it is played, and shows and explains what was seen.
#pragma once

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

// Prints to standard output. Throws Error where the scenario can't be played or recorded.
void play_demo(const DemoRequest& request, const std::function<void(const std::string&)>& warn);

}  // namespace wireseam
