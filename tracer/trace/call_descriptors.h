// SPDX-License-Identifier: Apache-2.0
// Which descriptors a call is about.
#pragma once

#include <cstddef>
#include <vector>

#include "tracer/trace/event.h"

namespace wireseam {

// The descriptors that an argument names, alone or in a poll or select set. The call must have a
// row.
std::vector<int> descriptors_in(const CallEvent& call, size_t parameter);

}  // namespace wireseam
