// SPDX-License-Identifier: Apache-2.0
// A comparison as JSON Lines, as docs/json.md describes it. Keys are only ever added.
#pragma once

#include <string>

#include "tracer/compare/comparison_text.h"

namespace wireseam {

std::string comparison_json(const Comparison& comparison, const ComparisonStyle& style);

}  // namespace wireseam
