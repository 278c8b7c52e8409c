// SPDX-License-Identifier: Apache-2.0
// Frames that say their length in a binary field of 1 to 8 bytes at a fixed place.
#pragma once

#include "common/framing/framing.h"

namespace wireseam {

// The integer that the bytes (8 at most) hold.
uint64_t read_integer(Bytes bytes, ByteOrder order);

CutResult cut_length_field(const Shape& shape, Bytes window);

// The four bytes before a len32le body: a little-endian int32. Throws Error if the size does not
// fit in one.
std::string encode_len32le_header(uint64_t body_size);

}  // namespace wireseam
