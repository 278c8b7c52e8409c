// SPDX-License-Identifier: Apache-2.0
// Chooses the packets of the traced program's sockets while they are captured, in a thread of its
// own: only these get into the recording. What its calls tell too late is missed here; when all is
// over PacketChoice decides.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/fd.h"
#include "inspector/capture/packet_writer.h"
#include "inspector/recording/followed_part.h"
#include "inspector/recording/packet_choice.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/reader.h"

namespace wireseam {

class LiveSieve {
 public:
  // `calls` is a trace, `packets` a capture; both grow. `kept` must outlive this, and is left alone
  // until finish() was called.
  LiveSieve(Fd calls, Fd packets, PacketWriter& kept);
  ~LiveSieve();
  LiveSieve(const LiveSieve&) = delete;
  LiveSieve& operator=(const LiveSieve&) = delete;

  void start();

  // Both files are complete.
  void finish();

  // Whether it has kept what was chosen, in its order, and nothing else. After finish().
  bool agrees_with(const PacketChoice& choice) const;

 private:
  void run();
  void step(uint64_t now_ns);
  void hear(uint64_t horizon_ns);

  Fd calls_;  // until there is something in it
  FollowedPart part_;
  std::optional<TraceReader> reader_;
  EventSorter sorter_;
  PacketWriter& kept_;
  std::vector<uint64_t> numbers_;  // of the packets that were kept
  bool has_failed_ = false;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace wireseam
