// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/screen_selection.h"

#include <utility>

#include "inspector/session/dissection.h"
#include "inspector/session/stream_window.h"

namespace wireseam {

ScreenSelection select_packets(const Session& session, std::vector<uint64_t> numbers) {
  ScreenSelection selection;
  selection.packets = std::move(numbers);
  for (const uint64_t number : selection.packets) {
    const auto raw = session.packets().find(number);
    if (!raw) continue;
    const auto payload = payload_of(*raw);
    selection.bytes.append(reinterpret_cast<const char*>(payload.data()), payload.size());
  }
  return selection;
}

ScreenSelection select_connection(const Session& session, uint64_t connection) {
  std::vector<uint64_t> numbers;
  if (const ConnectionRecord* record = session.find_connection(connection))
    for (const uint64_t index : record->segments)
      if (const SegmentRecord* segment = session.segments().find(index))
        numbers.push_back(segment->segment.packet);
  return select_packets(session, std::move(numbers));
}

ScreenSelection select_frame(const Session& session, const FrameRecord& frame) {
  ScreenSelection selection;
  for (const FramePart& part : frame.parts)
    if (selection.packets.empty() || selection.packets.back() != part.packet)
      selection.packets.push_back(part.packet);
  for (const StreamByte& byte : gather(session, frame.range, frame.parts))
    if (byte.known) selection.bytes += static_cast<char>(byte.value);
  return selection;
}

}  // namespace wireseam
