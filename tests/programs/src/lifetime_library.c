// SPDX-License-Identifier: Apache-2.0
// A library that makes calls as soon as it is loaded and as long as it is.
#include "tests/programs/src/lifetime.h"

__attribute__((constructor)) static void begin(void) { move_bytes("library constructor"); }
__attribute__((destructor)) static void end(void) { move_bytes("library destructor"); }
