// SPDX-License-Identifier: Apache-2.0
// The addresses at which this machine is reached, those of its broadcasts included.
#pragma once

#include <vector>

#include "inspector/recording/traced_sockets.h"

namespace wireseam {

// Empty where the kernel doesn't tell.
std::vector<SocketEnd> host_addresses();

}  // namespace wireseam
