// SPDX-License-Identifier: Apache-2.0
// What a program is limited to is meant for the program. The tracer is started with the same
// limits.
#pragma once

namespace wireseam {

// Lets this process go as far as it may go, and lets what fails for a limit fail with an errno.
// Programs that were started before keep the limits.
void lift_own_limits();

}  // namespace wireseam
