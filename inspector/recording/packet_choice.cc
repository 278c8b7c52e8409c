// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/packet_choice.h"

#include <utility>

#include "inspector/recording/packet_owner.h"
#include "tracer/trace/event_sorter.h"

namespace wireseam {

PacketChoice::PacketChoice(TraceReader& calls, PacketSource& packets, std::vector<SocketEnd> host)
    : sockets_(std::move(host)) {
  replay_trace(calls, sockets_);
  PacketOwners owners(sockets_);
  while (const RawPacket* raw = packets.next()) {
    chosen_.push_back(owners.owner(*raw) == PacketOwner::Program);
    for (const uint64_t number : owners.completed()) chosen_[number] = true;
  }
}

}  // namespace wireseam
