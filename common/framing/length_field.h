// SPDX-License-Identifier: Apache-2.0
// Frames that say their length in a field of its own: a binary number, ASCII digits or a varint.
// The meaning of offset, width, adjust and strip is that of Netty's LengthFieldBasedFrameDecoder.
#pragma once

#include "common/framing/shape.h"

namespace wireseam {

CutResult cut_length_field(const Shape& shape, Bytes window);

// A varint as protobuf and MQTT have it: seven bits a byte, the lowest first, the top bit set in
// all bytes but the last.
CutResult cut_varint(const Shape& shape, Bytes window);

// The four bytes before a len32le body: a little-endian int32. Throws Error if the size does not
// fit in one.
std::string encode_len32le_header(uint64_t body_size);

}  // namespace wireseam
