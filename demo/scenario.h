// SPDX-License-Identifier: Apache-2.0
// The scenarios that `wireseam demo` knows: a row each. wireseam-player plays them.
#pragma once

#include <span>
#include <string_view>

#include "demo/explanation.h"
#include "demo/observer.h"

namespace wireseam {

struct Scenario {
  std::string_view name;
  std::string_view summary;
  std::string_view framing;  // empty: the streams are not cut into frames
  Ladder ladder;
  std::string_view calls;  // the names of those that are shown; empty: none
  Explanation (*explain)(const Observation& seen);
};

// In the order in which they are listed; the first is played where none is named.
std::span<const Scenario> all_scenarios();

// nullptr where there is none.
const Scenario* find_scenario(std::string_view name);

}  // namespace wireseam
