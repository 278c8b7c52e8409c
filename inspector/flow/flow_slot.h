// SPDX-License-Identifier: Apache-2.0
// Where the flow table keeps a connection, and how it is told by its key.
#pragma once

#include "inspector/flow/connection.h"
#include "inspector/flow/recency_list.h"
#include "inspector/flow/slots.h"
#include "inspector/flow/waiting.h"

namespace wireseam {

struct FlowSlot {
  Connection connection;            // its id is 0: free
  Waiting waiting = Waiting::Open;  // in which list it is
  bool holed = false;               // whether it is in holed_, too
  uint32_t older = kNoSlot;         // the connection before it, which may yet live on
  uint64_t challenged = 0;          // its last SYN that the older one's ACK has answered
};

// A slot in use is found by the key of its connection, which has it already.
struct SlotEqual {
  using is_transparent = void;
  bool operator()(uint32_t a, uint32_t b) const { return a == b; }
  bool operator()(uint32_t slot, const FlowKey& key) const {
    return slots[slot].connection.key == key;
  }
  const Slots<FlowSlot>& slots;
};

}  // namespace wireseam
