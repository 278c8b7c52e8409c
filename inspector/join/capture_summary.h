// SPDX-License-Identifier: Apache-2.0
// The capture as a whole, at its end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inspector/decode/decode_counts.h"
#include "inspector/decode/ip_reassembler.h"
#include "inspector/flow/flow_table.h"
#include "inspector/frame/seams.h"

namespace wireseam {

// Packets that passed and are in no capture, calls that were made and are in no trace.
struct CaptureLosses {
  uint64_t time_ns = 0;    // when it became known, by the packets' clock
  uint64_t kernel = 0;     // its buffer was full
  uint64_t interface = 0;  // the network card's or its driver's
  uint64_t calls = 0;      // the tracer could not keep up

  bool any() const { return packets() + calls > 0; }
  uint64_t packets() const { return kernel + interface; }
};

// "2 by the kernel, 0 by the interface; 40 calls by the tracer"
std::string to_string(const CaptureLosses& losses);

// All connections together.
struct FrameTotals {
  SeamCounts seams;
  uint64_t datagrams = 0;        // of these frames
  uint64_t undecoded_bytes = 0;  // TCP
};

// Calls of a recording of which nobody knows where their bytes lie.
struct UnplacedTotals {
  uint64_t ends = 0;  // of connections
  uint64_t calls = 0;
  uint64_t bytes = 0;
};

struct CaptureSummary {
  uint64_t packets = 0;
  uint64_t copies = 0;  // of these: seen before on another interface of the host
  uint64_t wire_bytes = 0;
  uint64_t first_ns = 0;  // the earliest of the packets' times
  uint64_t last_ns = 0;   // and the latest
  DecodeCounts decoded;
  ReassemblyCounts reassembly;
  FlowCounts flows;
  uint64_t tcp_connections = 0;
  uint64_t udp_connections = 0;
  uint64_t notes = 0;
  FrameTotals frames;
  UnplacedTotals unplaced;
  CaptureLosses losses;
  std::string flaw;  // why the capture ended early; empty: it didn't
};

}  // namespace wireseam
