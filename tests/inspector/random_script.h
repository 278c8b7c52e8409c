// SPDX-License-Identifier: Apache-2.0
// Scripts by a seed: what a test tries many of.
#pragma once

#include "tests/inspector/simulation/script.h"

namespace wireseam::test {

enum class CapturedAt : uint8_t { Sender, Receiver, Middle };

// A client that writes some hundred KB, a server that answers now and then, over a network that
// loses, duplicates and reorders a few of a hundred packets each.
Script random_script(uint64_t seed, CapturedAt at);

}  // namespace wireseam::test
