// SPDX-License-Identifier: Apache-2.0
// Stands between the flow table and whoever shows what it finds: gives each direction of each
// connection its framing, cuts it into frames, and counts how they lie in the segments.
#pragma once

#include <memory>
#include <vector>

#include "inspector/join/report_sink.h"

namespace wireseam {

class Analysis final : public FlowSink {
 public:
  // `sink` must outlive it.
  explicit Analysis(ReportSink& sink) : sink_(sink) {}

  void begun(Connection& connection) override;
  void segment(const Connection& connection, const Segment& segment) override;
  void data(const Connection& connection, Direction direction, const StreamPiece& piece) override;
  void gap(const Connection& connection, Direction direction, ByteRange missing) override;
  void note(const Connection& connection, const LateNote& late) override;
  void handshake(const Connection& connection) override;
  void closing(const Connection& connection) override;
  void packet_done() override;
  void ended(Connection& connection, EndReason reason) override;

  // What was counted so far, for the summary.
  void fill(CaptureSummary& summary) const;

 private:
  void tell(const Connection& connection, const Note& note);

  ReportSink& sink_;
  const Connection* current_ = nullptr;  // whose segment_ is the packet at hand
  Segment segment_;
  uint64_t connections_by_transport_[3] = {};
  uint64_t notes_ = 0;
};

}  // namespace wireseam
