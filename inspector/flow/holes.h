// SPDX-License-Identifier: Apache-2.0
// Holes in a stream, and until when their bytes may still come: late, sent again, or from a capture
// whose packets are not in order. As long as nothing says that they won't, only memory ends that.
#pragma once

#include <cstddef>
#include <cstdint>

#include "inspector/flow/connection.h"
#include "inspector/flow/flow_sink.h"

namespace wireseam {

// Gives up holes that can't be filled any more: the receiver acknowledged what lies in them a while
// ago, or nothing was heard of them for very long, or one direction holds back more than
// `most_held` bytes. Returns how many of them for that last reason.
uint64_t give_up_holes(Connection& connection, uint64_t now_ns, size_t most_held, FlowSink& sink);

// Gives up all of them, since memory has ended.
void give_up_all_holes(Connection& connection, uint64_t now_ns, FlowSink& sink);

// Gives up all holes, and what lacks before a FIN: no more will come. To be called once, at last.
void end_streams(Connection& connection, uint64_t now_ns, FlowSink& sink);

// In either direction.
bool has_hole(const Connection& connection);

// What waits behind holes, in bytes.
size_t held_by(const Connection& connection);

}  // namespace wireseam
