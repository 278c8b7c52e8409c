// SPDX-License-Identifier: Apache-2.0
// Which packets of a capture are of a traced program's sockets. All are looked at before one can be
// told: only the last fragment of a datagram shows whose the first ones are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "inspector/capture/packet_source.h"
#include "inspector/recording/traced_sockets.h"
#include "tracer/trace/reader.h"

namespace wireseam {

class PacketChoice {
 public:
  // Reads all of both. Of `host`: see TracedSockets.
  PacketChoice(TraceReader& calls, PacketSource& packets, std::vector<SocketEnd> host = {});

  // By its number in the capture.
  bool is_chosen(uint64_t number) const { return number < chosen_.size() && chosen_[number]; }

  // How many are.
  size_t count() const { return static_cast<size_t>(std::ranges::count(chosen_, true)); }

  // Whether the program had connections, so that there must have been packets.
  bool has_connections() const { return sockets_.has_connections(); }

 private:
  TracedSockets sockets_;
  std::vector<bool> chosen_{false};
};

}  // namespace wireseam
