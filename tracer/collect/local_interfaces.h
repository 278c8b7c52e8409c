// SPDX-License-Identifier: Apache-2.0
// The names of this host's network interfaces.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace wireseam {

// By index.
std::map<uint32_t, std::string> local_interfaces();

}  // namespace wireseam
