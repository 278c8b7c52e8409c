// SPDX-License-Identifier: Apache-2.0
// TCP: RFC 9293; SACK: RFC 2018; window scale and timestamps: RFC 7323. A segment whose options are
// broken or were cut counts all the same, as it does for the kernel and for Wireshark: the options
// in front of the broken one are taken.
#include <algorithm>

#include "inspector/decode/layers.h"

namespace wireseam {
namespace {

constexpr uint32_t kMinimumSize = 20;
constexpr uint16_t kFlagsMask = 0x1ff;

enum OptionKind : uint8_t {
  kEnd = 0,
  kNoOperation = 1,
  kMaximumSegmentSize = 2,
  kWindowScale = 3,
  kSackPermitted = 4,
  kSack = 5,
  kTimestamps = 8,
  kFastOpen = 34,
  kExperiment1 = 253,  // RFC 6994: an identifier follows
  kExperiment2 = 254,
};

// Nearly all segments have these and no more: NOP, NOP, timestamps.
constexpr uint32_t kAlignedTimestamps = 0x0101080a;
constexpr uint32_t kAlignedTimestampsSize = 12;
// RFC 7413 appendix B.
constexpr uint16_t kFastOpenExperiment = 0xf989;

void read_sacks(const Fields& value, TcpOptions& options) {
  options.sack_count = 0;
  for (size_t at = 0; at < value.size() && options.sack_count < options.sacks.size(); at += 8)
    options.sacks[options.sack_count++] = {value.u32(at), value.u32(at + 4)};
}

// False where the value's size is not what the option's kind wants.
bool read_option(uint8_t kind, const Fields& value, TcpOptions& options) {
  const size_t size = value.size();
  switch (kind) {
    case kMaximumSegmentSize:
      if (size == 2) options.mss = value.u16(0);
      return size == 2;
    case kWindowScale:
      options.has_window_scale = options.has_window_scale || size == 1;
      if (size == 1) options.window_scale = value.u8(0);
      return size == 1;
    case kSackPermitted:
      options.sack_permitted = options.sack_permitted || size == 0;
      return size == 0;
    case kSack:
      if (size % 8 == 0) read_sacks(value, options);
      return size % 8 == 0 && size > 0;
    case kTimestamps:
      if (size != 8) return false;
      options.has_timestamps = true;
      options.ts_value = value.u32(0);
      options.ts_echo = value.u32(4);
      return true;
    case kFastOpen:
      options.fast_open_cookie = options.fast_open_cookie || size > 0;
      return true;
    case kExperiment1:
    case kExperiment2:
      if (size > 2 && value.u16(0) == kFastOpenExperiment) options.fast_open_cookie = true;
      return true;
    default:
      return true;
  }
}

// The offset of the first option that is broken; the options' size where none is. `size` is what
// the header has of them; the capture may have less. As the kernel does, an option of a wrong size
// is passed over and one that does not fit ends the list.
uint32_t read_options(const Fields& fields, uint32_t size, TcpOptions& options) {
  uint32_t broken = size;
  options.cut = fields.size() < size;
  for (uint32_t at = 0; at < fields.size();) {
    const uint8_t kind = fields.u8(at);
    if (kind == kEnd) {
      options.cut = false;
      break;
    }
    if (kind == kNoOperation) {
      ++at;
      continue;
    }
    if (at + 1 == fields.size() && fields.size() < size) break;
    const uint32_t length = fields.u8(at + 1);
    if (length < 2 || length > size - at) {
      options.cut = false;
      return std::min(broken, at);
    }
    if (length > fields.size() - at) break;
    if (!read_option(kind, fields.from(at + 2).first(length - 2), options))
      broken = std::min(broken, at);
    at += length;
  }
  return broken;
}

void read_timestamps(const Fields& fields, TcpOptions& options) {
  options.has_timestamps = true;
  options.ts_value = fields.u32(4);
  options.ts_echo = fields.u32(8);
}

void decode_options(const Fields& fields, uint32_t size, Descent& descent) {
  TcpOptions& options = descent.packet.tcp.options;
  if (size == kAlignedTimestampsSize && fields.size() == size &&
      fields.u32(0) == kAlignedTimestamps)
    return read_timestamps(fields, options);
  const uint32_t broken = read_options(fields, size, options);
  if (broken == size) return;
  descent.packet.reason = "TCP option";
  descent.packet.reason_offset = descent.offset() + kMinimumSize + broken;
}

void read_header(const Fields& header, Packet& packet) {
  packet.verdict = DecodeVerdict::Whole;
  packet.transport = Transport::Tcp;
  packet.source_port = header.u16(0);
  packet.destination_port = header.u16(2);
  packet.tcp.seq = header.u32(4);
  packet.tcp.ack = header.u32(8);
  packet.tcp.flags = header.u16(12) & kFlagsMask;
  packet.tcp.window = header.u16(14);
  packet.tcp.urgent = header.u16(18);
}

}  // namespace

Next decode_tcp(Descent& descent) {
  if (!descent.has(kMinimumSize)) return descent.lacks(kMinimumSize, "TCP header");
  const Fields header = descent.rest;
  const uint32_t size = (header.u8(12) >> 4) * 4u;
  if (size < kMinimumSize || size > descent.length) return descent.malformed("TCP data offset", 12);
  Packet& packet = descent.packet;
  read_header(header, packet);
  if (size > kMinimumSize)
    decode_options(header.first(size).from(kMinimumSize), size - kMinimumSize, descent);
  descent.skip(size);
  packet.payload_length = descent.length;
  packet.beyond_wire = std::min(packet.beyond_wire, packet.payload_length);
  packet.payload = descent.rest.bytes();
  return Next::Nothing;
}

}  // namespace wireseam
