// SPDX-License-Identifier: Apache-2.0
// The parameters that the text of a framing may have ("width" in "lf:width=4"), each of them one
// field of a Shape.
#pragma once

#include <string>
#include <string_view>

#include "common/framing/shape.h"

namespace wireseam {

struct FramingParameter {
  std::string_view name;
  unsigned kinds = 0;                           // see has_parameter
  bool (*set)(Shape&, std::string_view value);  // false where the value is not allowed
  std::string (*get)(const Shape&);             // as set() reads it; "" for none
  std::string (*allowed)();                     // "a number from 0 to 65535", "be|le"
};

std::span<const FramingParameter> all_parameters();

// Whether shapes of this kind look at the parameter at all.
bool has_parameter(ShapeKind kind, const FramingParameter& parameter);

}  // namespace wireseam
