// SPDX-License-Identifier: Apache-2.0
// A wireseam that setcap(8) has granted a capability for capturing runs in secure execution
// (ld.so(8)): its files in /proc, by which a traced program finds the region, are root's, and the
// loader has taken variables from its environment that the program would see without us.
#pragma once

#include <string>
#include <vector>

namespace wireseam {

// Gives up what the file granted, for good, and with it those restrictions; nothing where there are
// none, or for root. What needs the capability must be open before. Throws Error.
void leave_secure_execution();

// The variables that the loader took away, "NAME=VALUE" each; they can be read only after that.
std::vector<std::string> variables_taken();

}  // namespace wireseam
