// SPDX-License-Identifier: Apache-2.0
// `wireseam inspect` on a terminal: the inspector that one can look around in.
#pragma once

#include "common/output/output.h"
#include "inspector/run/opened_source.h"

namespace wireseam {

// Returns when the user has ended it. Throws Error.
void inspect_on_terminal(const InspectRequest& request, OpenedSource& opened);

// The same without a terminal: plays `request.script`, whose screens go to `output`. Throws Error.
void inspect_by_script(const InspectRequest& request, OpenedSource& opened, Output& output);

}  // namespace wireseam
