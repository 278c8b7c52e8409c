// SPDX-License-Identifier: Apache-2.0
// Stands between the flow table and whoever shows what it finds: has each TCP connection cut into
// frames, and makes a frame of each UDP datagram.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "inspector/join/report_sink.h"

namespace wireseam {

class Analysis final : public FlowSink {
 public:
  // Both must outlive it.
  Analysis(const FramingRules& rules, ReportSink& sink) : rules_(rules), sink_(sink) {}

  void begun(Connection& connection) override;
  void segment(const Connection& connection, const Segment& segment) override;
  void data(const Connection& connection, Direction direction, const StreamPiece& piece) override;
  void gap(const Connection& connection, Direction direction, ByteRange missing) override;
  void note(const Connection& connection, const LateNote& late) override;
  void handshake(const Connection& connection) override;
  void closing(const Connection& connection) override;
  void packet_done() override;
  void ended(Connection& connection, EndReason reason) override;

  // Calls `relieve` behind each stretch of bytes or hole, of which one packet may give very many
  // their turn: what they give a sink to say is too much to be kept.
  void relieve_by(std::function<void()> relieve) { relieve_ = std::move(relieve); }

  // What was counted; frames are those of connections that have ended.
  void fill(CaptureSummary& summary) const;

 private:
  class Frames;

  ConnectionFrames& frames_of(const Connection& connection);
  void datagram(const Connection& connection, Direction direction, const StreamPiece& piece);
  void tell(const Connection& connection, const Note& note);

  const FramingRules& rules_;
  ReportSink& sink_;
  std::function<void()> relieve_;
  std::vector<std::unique_ptr<ConnectionFrames>> frames_;  // by slot; null: no data so far

  // The packet at hand; null between packets.
  const Connection* current_ = nullptr;
  const Segment* segment_ = nullptr;
  std::optional<Seams> seams_;

  std::array<uint64_t, 3> connections_{};  // by Transport
  uint64_t notes_ = 0;
  FrameTotals totals_;
};

}  // namespace wireseam
