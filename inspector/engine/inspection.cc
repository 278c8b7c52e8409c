// SPDX-License-Identifier: Apache-2.0
#include "inspector/engine/inspection.h"

#include <algorithm>
#include <utility>

namespace wireseam {

Inspection::Inspection(ReportSink& sink, FramingRules rules, const FlowLimits& limits)
    : sink_(sink), rules_(std::move(rules)), analysis_(rules_, sink), flows_(analysis_, limits) {}

void Inspection::packet(const RawPacket& raw) {
  if (summary_.packets++ == 0) summary_.first_ns = raw.time_ns;
  summary_.first_ns = std::min(summary_.first_ns, raw.time_ns);
  summary_.last_ns = std::max(summary_.last_ns, raw.time_ns);
  summary_.wire_bytes += raw.wire_length;
  if (const auto interface = interface_of(raw); interface && !copies_.is_new(raw, *interface)) {
    ++summary_.copies;
    return;
  }
  const Packet& packet = decoder_.decode(raw);
  if (packet.verdict == DecodeVerdict::Whole) flows_.packet(packet);
  if (const auto error = icmp_errors_.read(packet, raw)) {
    decoder_.told_of_another();
    sink_.icmp_error(*error);
  }
}

void Inspection::lost(const CaptureLosses& losses) {
  CaptureLosses& known = summary_.losses;
  const bool more = losses.kernel > known.kernel || losses.interface > known.interface;
  known = losses;
  if (more) sink_.dropped(losses);
}

void Inspection::relieve_by(const std::function<void()>& relieve) {
  relieve_ = relieve;
  analysis_.relieve_by(relieve);
}

void Inspection::finish(const std::string& flaw) {
  flows_.finish(relieve_);
  summary_.decoded = decoder_.counts();
  summary_.reassembly = decoder_.reassembly();
  summary_.flows = flows_.counts();
  summary_.flaw = flaw;
  analysis_.fill(summary_);
  sink_.summary(summary_);
}

}  // namespace wireseam
