// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inspector/flow/connection.h"
#include "inspector/flow/flow_sink.h"
#include "inspector/flow/stream_assembler.h"

namespace wireseam {

// Hands the bytes of one direction on as those of a connection.
class StreamOf final : public StreamSink {
 public:
  StreamOf(Connection& connection, Direction direction, uint64_t now_ns, FlowSink& sink)
      : connection_(connection), direction_(direction), now_ns_(now_ns), sink_(sink) {}

  void data(const StreamPiece& piece) override {
    if (const uint64_t cut = piece.range.size() - piece.bytes.size(); cut > 0)
      connection_.half(direction_).incidents.change().cut_bytes += cut;
    sink_.data(connection_, direction_, piece);
  }
  void gap(ByteRange range, uint64_t packet) override {
    connection_.half(direction_).incidents.change().missing_bytes += range.size();
    sink_.note(connection_, {packet, now_ns_, direction_, Cause::NotCaptured, range});
    sink_.gap(connection_, direction_, range);
  }

 private:
  Connection& connection_;
  Direction direction_;
  uint64_t now_ns_;
  FlowSink& sink_;
};

}  // namespace wireseam
