// SPDX-License-Identifier: Apache-2.0
// Lets Ctrl-C end a capture instead of the program.
#pragma once

#include "inspector/capture/packet_source.h"

namespace wireseam {

// While it lives, the first SIGINT or SIGTERM stops the source; the next one ends the program, as
// ever. There is one at a time.
class StopSignals {
 public:
  // `source` must outlive it.
  explicit StopSignals(PacketSource& source);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
};

}  // namespace wireseam
