// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/analysis.h"

#include <algorithm>

#include "inspector/decode/decoder.h"
#include "tests/unit/packets/packet_builder.h"

namespace wireseam::test {
namespace {

class Keeper final : public FlowSink {
 public:
  void segment(const Connection&, const Segment& segment) override {
    analysis.segments.push_back(segment);
  }
  void data(const Connection&, Direction direction, const StreamPiece& piece) override {
    advance(direction, piece.range);
    for (size_t i = 0; i < piece.bytes.size(); ++i)
      if (piece.bytes[i] != stream_byte(direction, piece.range.begin + i)) ++analysis.wrong_bytes;
  }
  void gap(const Connection&, Direction direction, ByteRange missing) override {
    advance(direction, missing);
    std::vector<ByteRange>& gaps = analysis.gaps[static_cast<size_t>(direction)];
    if (!gaps.empty() && gaps.back().end == missing.begin)
      gaps.back().end = missing.end;
    else
      gaps.push_back(missing);
  }
  void note(const Connection&, const LateNote& note) override { analysis.notes.push_back(note); }
  void ended(Connection& connection, EndReason) override {
    ++analysis.connections;
    analysis.handshake = connection.handshake;
    analysis.teardown = *connection.teardown;
  }

  Analysis analysis;

 private:
  void advance(Direction direction, ByteRange range) {
    uint64_t& end = analysis.ends[static_cast<size_t>(direction)];
    if (range.begin != end) ++analysis.out_of_order;
    end = range.end;
  }
};

}  // namespace

Analysis analyse(std::span<const CapturedPacket> packets) {
  Keeper keeper;
  FlowTable table(keeper);
  Decoder decoder;
  uint64_t number = 0;
  for (const CapturedPacket& packet : packets) {
    RawPacket raw = raw_packet(packet.bytes);
    raw.number = ++number;
    raw.time_ns = packet.time_ns;
    table.packet(decoder.decode(raw));
  }
  table.finish();
  return std::move(keeper.analysis);
}

Confusion confusion_of(std::span<const CapturedPacket> packets, const Analysis& analysis) {
  Confusion confusion;
  const std::vector<Truth> truths = truths_of(packets);
  for (size_t i = 0; i < truths.size(); ++i) confusion.add(truths[i], analysis.segments[i].cause);
  return confusion;
}

std::vector<ByteRange> not_captured(std::span<const CapturedPacket> packets, Direction direction) {
  std::vector<ByteRange> ranges;
  for (const CapturedPacket& packet : packets)
    if (packet.truth.direction == direction &&
        (!packet.truth.payload.empty() || (packet.truth.flags & kFin) != 0))
      ranges.push_back(packet.truth.payload);
  std::ranges::sort(ranges, {}, &ByteRange::begin);
  std::vector<ByteRange> missing;
  uint64_t end = 0;
  for (const ByteRange& range : ranges) {
    if (range.begin > end) missing.push_back({end, range.begin});
    end = std::max(end, range.end);
  }
  return missing;
}

}  // namespace wireseam::test
