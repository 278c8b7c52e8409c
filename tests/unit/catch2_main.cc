// SPDX-License-Identifier: Apache-2.0
// main for Catch2 2, which is a single header (version 3 brings a library with its own main).
#define CATCH_CONFIG_MAIN
#include "tests/unit/catch2.h"
