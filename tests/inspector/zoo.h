// SPDX-License-Identifier: Apache-2.0
// Simulated connections of every kind in one capture.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/inspector/simulation/simulation.h"

namespace wireseam::test {

// In the order of their times; the same for the same seed.
std::vector<CapturedPacket> zoo(uint64_t seed);

}  // namespace wireseam::test
