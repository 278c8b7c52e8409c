// SPDX-License-Identifier: Apache-2.0
// The machine's network interfaces.
#pragma once

#include <string>
#include <vector>

namespace wireseam {

// Their names, and "any", which stands for all of them.
std::vector<std::string> interface_names();

}  // namespace wireseam
