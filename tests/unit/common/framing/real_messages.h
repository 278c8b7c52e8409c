// SPDX-License-Identifier: Apache-2.0
// The beginnings of real streams, one or two for each framing, and the sizes of their frames.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wireseam {

struct RealStream {
  const char* framing;
  const char* what;
  const char* hex;
  std::vector<uint64_t> frame_sizes;
};

const std::vector<RealStream>& real_streams();

}  // namespace wireseam
