// SPDX-License-Identifier: Apache-2.0
// What a call returned: "= 3", "= -1 EAGAIN (Resource temporarily unavailable)", "= ?".
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_result(TextWriter& out, const Event& event, const CallEvent& call);

}  // namespace wireseam
