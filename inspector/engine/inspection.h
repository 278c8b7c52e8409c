// SPDX-License-Identifier: Apache-2.0
// The inspector without eyes: packets go in, and what they mean comes out at a ReportSink. Where
// the packets come from, and what is made of the findings, is not known here.
#pragma once

#include <functional>
#include <string>

#include "common/raw_packet.h"
#include "inspector/decode/decoder.h"
#include "inspector/decode/packet_copies.h"
#include "inspector/flow/flow_table.h"
#include "inspector/join/analysis.h"

namespace wireseam {

class Inspection {
 public:
  // `sink` must outlive it.
  explicit Inspection(ReportSink& sink, FramingRules rules = {}, const FlowLimits& limits = {});

  // The packets in the order of their capture.
  void packet(const RawPacket& raw);

  // Nothing has come for a while, and it is `now_ns` by the packets' clock.
  void idle(uint64_t now_ns) { flows_.tick(now_ns); }

  // So many were lost so far; told to the sink if there are more than before.
  void lost(const CaptureLosses& losses);

  // An id that no connection here has or will have.
  uint64_t take_id() { return flows_.take_id(); }

  // Calls `relieve` now and then while the sink is told much at once: by a packet that gives many
  // others their turn, and at the end. What was said so far can be brought away then.
  void relieve_by(const std::function<void()>& relieve);

  // The capture has ended; `flaw` says why, if that was too early.
  void finish(const std::string& flaw);

 private:
  ReportSink& sink_;
  FramingRules rules_;
  Analysis analysis_;
  Decoder decoder_;
  IcmpErrorReader icmp_errors_;
  PacketCopies copies_{PacketCopies::kWithinHost};
  FlowTable flows_;
  CaptureSummary summary_;
  std::function<void()> relieve_;
};

}  // namespace wireseam
