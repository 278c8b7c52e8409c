// SPDX-License-Identifier: Apache-2.0
// Plays a trace file and packets, merged by time, as a recording is played.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/engine/joined_inspection.h"
#include "tests/unit/trace/trace_file.h"

namespace wireseam::test {

struct TimedBytes {
  uint64_t time_ns = 0;
  std::string bytes;  // from the Ethernet header on
};

// Who sees what is played before the sink is told what it means.
struct BesideReplay {
  EventSink* calls = nullptr;
  std::function<void(const RawPacket&)> packet{};
  uint64_t patience_ns = UINT64_MAX;  // how long calls wait for what lies beside them
};

// The packets are numbered from 1; their times must not go back.
void replay(const TraceFile& calls, const std::vector<TimedBytes>& packets,
            std::string_view framing, ReportSink& sink, const BesideReplay& beside = {});

}  // namespace wireseam::test
