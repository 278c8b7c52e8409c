// SPDX-License-Identifier: Apache-2.0
// The text of one argument, by the kind of its parameter.
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_parameter(ParameterKind kind, const Argument& argument);

}  // namespace wireseam
