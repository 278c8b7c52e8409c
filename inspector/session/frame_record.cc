// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/frame_record.h"

#include <algorithm>

namespace wireseam {
namespace {

constexpr size_t kHeaderKept = 4096;  // bytes
constexpr size_t kPartsKept = 256;

}  // namespace

FrameRecord frame_record(uint64_t connection, Direction direction, const Frame& frame,
                         const Framing* framing) {
  FrameRecord kept{.connection = connection,
                   .direction = direction,
                   .number = frame.number,
                   .range = frame.range,
                   .body = frame.body,
                   .first_ns = frame.first_ns,
                   .last_ns = frame.last_ns,
                   .missing = frame.missing};
  kept.json_header = framing != nullptr && framing->shape.kind == ShapeKind::JsonHeader;
  const Bytes header = frame.header.first(std::min(frame.header.size(), kHeaderKept));
  kept.header.assign(reinterpret_cast<const char*>(header.data()), header.size());
  const auto parts = frame.parts.first(std::min(frame.parts.size(), kPartsKept));
  kept.parts.assign(parts.begin(), parts.end());
  kept.parts_left_out = frame.parts.size() - parts.size() + frame.parts_left_out;
  for (const FramePart& part : frame.parts)
    kept.last_packet = std::max(kept.last_packet, part.packet);
  return kept;
}

}  // namespace wireseam
