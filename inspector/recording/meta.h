// SPDX-License-Identifier: Apache-2.0
// A recording's meta.json: what was recorded, where and when, and what is missing. Written when
// the recording begins and replaced when it ends, so that one without an end is of a recorder that
// still runs or that died.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "inspector/capture/packet_source.h"

namespace wireseam {

// Both at the same moment: the times of calls and packets are of the first, which somebody may set.
struct ClockReading {
  uint64_t realtime_ns = 0;
  uint64_t monotonic_ns = 0;
};

ClockReading read_clocks();

struct CaptureMeta {
  std::string interface;
  std::string filter;   // pcap-filter(7); empty for everything
  bool sieved = false;  // wire.pcap has the packets of the program's sockets and no others
  // What follows is known at the end.
  bool is_counted = false;
  uint64_t captured = 0;  // packets that passed, whosever they were
  uint64_t kept = 0;      // of these, in wire.pcap
  CaptureDrops drops;
};

struct RecordingMeta {
  std::string wireseam;              // version of the recorder
  std::vector<std::string> command;  // the program and its arguments
  std::string host;
  std::string boot_id;  // of the kernel, random(4): clocks of the same boot are the same clocks
  ClockReading started;
  uint32_t payload_limit = 0;          // bytes of each buffer that are recorded
  std::vector<std::string> framing;    // rules for FramingRules, as the user gave them
  std::optional<CaptureMeta> capture;  // none: there are no packets
  std::vector<std::string> missing;    // what is not there and why, a line for the user each
  std::optional<ClockReading> ended;
  std::optional<int32_t> wait_status;  // of the program: wait(2)
};

// In words, why the times of a part can't be laid beside those of the first one without doubt: it
// was recorded on another host, or after another boot. Empty where they can.
std::string other_clock(const RecordingMeta& first, const RecordingMeta& part);

// Throws Error where it can't be read or is not what it should be.
RecordingMeta read_meta(const std::string& path);

// Whoever reads the file meets the old one or the new one, whole. Throws Error.
void write_meta(const std::string& path, const RecordingMeta& meta);

}  // namespace wireseam
