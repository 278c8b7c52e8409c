// SPDX-License-Identifier: Apache-2.0
// A packet at length: what there is to say of it, its layers, its bytes.
#pragma once

#include "common/raw_packet.h"
#include "inspector/session/session.h"
#include "inspector/ui/line.h"

namespace wireseam {

std::vector<Line> segment_lines(const Session& session, const SegmentRecord& record);
// The packet must stay in the session while the paper is in use.
Paper packet_paper(const Session& session, const RawPacket& raw);

}  // namespace wireseam
