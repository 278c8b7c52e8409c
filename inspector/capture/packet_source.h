// SPDX-License-Identifier: Apache-2.0
// Where packets come from: a capture file or an interface.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/raw_packet.h"

namespace wireseam {

// Packets that passed and are in no capture.
struct CaptureDrops {
  uint64_t kernel = 0;     // its buffer was full
  uint64_t interface = 0;  // the network card's or its driver's, of all that it received
};

class PacketSource {
 public:
  virtual ~PacketSource() = default;

  // The next packet, live until the next call. nullptr where there is none: at the end, and of an
  // interface also when nothing has come for some milliseconds: time to show what there is.
  virtual const RawPacket* next() = 0;
  virtual bool ended() const = 0;

  // Ends the capture after what was captured before this call. Async-signal-safe, and may be called
  // from another thread.
  virtual void stop() = 0;

  // Why it ended early, a line for the user: the file is cut off, the interface has gone. Empty
  // where all is well.
  virtual const std::string& flaw() const = 0;

  virtual CaptureDrops drops() const = 0;

  // LINKTYPE_... of its packets, each once. A pcapng file may tell of more of them later on.
  virtual std::vector<uint32_t> link_types() const = 0;
};

}  // namespace wireseam
