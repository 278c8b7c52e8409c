// SPDX-License-Identifier: Apache-2.0
// Traces a program and captures the packets of its sockets at the same time: all that lies behind
// `wireseam record`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/new_recording.h"
#include "tracer/collect/trace_program.h"

namespace wireseam {

enum class RecordedPackets : uint8_t { OfProgram, None };

struct RecordRequest {
  std::vector<std::string> command;  // PROGRAM and its arguments
  std::string folder;
  RecordingPlace place = RecordingPlace::Own;
  RecordedPackets packets = RecordedPackets::OfProgram;
  std::string interface = "any";
  std::string filter;                     // pcap-filter(7)
  std::vector<std::string> framing;       // for whoever inspects the recording
  std::optional<uint32_t> payload_limit;  // none: a little, and all where there are no packets
};

// Runs the program to its end and returns its wait(2) status. Without the right to capture the
// calls are recorded alone, and that is said. Throws Error where it can't be begun: CannotRun, a
// folder that is taken, no such interface, bad filter.
int32_t record_program(const RecordRequest& request, const Warn& warn);

}  // namespace wireseam
