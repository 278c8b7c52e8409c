// SPDX-License-Identifier: Apache-2.0
// What the lanes need to know of a call.
#pragma once

#include <functional>

#include "common/stream_piece.h"
#include "inspector/join/conversation.h"
#include "tracer/trace/event.h"

namespace wireseam {

// The call as a span of its lane.
CallSpan span_of(const Event& event, const CallEvent& call, int fd, ByteRange range);

CallMoment moment_of(const Event& event, const CallEvent& call);

// Visits the buffers of the call in their order, as pieces that fill the range. One of which the
// trace holds but a part has fewer bytes, as a packet that was cut short.
void for_each_piece(const Event& event, const CallEvent& call, ByteRange range,
                    const std::function<void(const StreamPiece&)>& visit);

// Notes TCP_NODELAY and TCP_CORK where the call sets them.
void note_option(const CallEvent& call, Party& party);

}  // namespace wireseam
