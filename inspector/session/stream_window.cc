// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/stream_window.h"

#include "inspector/session/dissection.h"

namespace wireseam {
namespace {

// Puts what the packet of `part` has of `range` into its place in `bytes`.
void fill(std::vector<StreamByte>& bytes, ByteRange range, const FramePart& part,
          const Session& session) {
  const ByteRange common = intersection(part.range, range);
  for (uint64_t at = common.begin; at < common.end; ++at)
    bytes[at - range.begin].packet = part.packet;
  if (!common.empty() && common.begin == part.range.begin)
    bytes[common.begin - range.begin].edge = true;
  const SegmentRecord* record = session.find_segment(part.packet);
  const auto raw = session.packets().find(part.packet);
  if (record == nullptr || !raw) return;
  const auto payload = payload_of(*raw);
  const uint64_t begin = record->segment.range.begin;
  for (uint64_t at = std::max(common.begin, begin); at < common.end; ++at) {
    if (at - begin >= payload.size()) break;
    bytes[at - range.begin].value = payload[at - begin];
    bytes[at - range.begin].known = true;
  }
}

}  // namespace

std::vector<StreamByte> gather(const Session& session, ByteRange range,
                               std::span<const FramePart> parts) {
  std::vector<StreamByte> bytes(range.size());
  for (const FramePart& part : parts)
    if (part.range.overlaps(range)) fill(bytes, range, part, session);
  return bytes;
}

}  // namespace wireseam
