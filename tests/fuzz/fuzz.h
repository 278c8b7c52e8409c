// SPDX-License-Identifier: Apache-2.0
// What every fuzz target needs. A target is one file with LLVMFuzzerTestOneInput; libFuzzer drives
// it (preset `fuzz`), and replay.cc runs it over its corpus in every other build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size);

namespace wireseam {

// Ends the program if a property does not hold, so that the fuzzer keeps the input.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

}  // namespace wireseam
