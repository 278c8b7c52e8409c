// SPDX-License-Identifier: Apache-2.0
// What the lanes need to know of a call.
#pragma once

#include <functional>
#include <optional>

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

// Which way a call moves bytes through its first descriptor, if it does; MSG_PEEK looks only.
std::optional<Way> way_of(const CallEvent& call);

// The flags of send(2) and recv(2); 0 where the call has none.
uint64_t message_flags(const CallEvent& call);

}  // namespace wireseam
