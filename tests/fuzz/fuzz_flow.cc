// SPDX-License-Identifier: Apache-2.0
// Follows packets of any numbers, flags and times through flow table, reassembly and framing
// detection, with limits so small that they are met. The input is the number of connections
// allowed, and of each packet: its ends, flags, how its numbers lie to those that are near, sizes,
// time and bytes.
#include <array>
#include <map>
#include <span>
#include <utility>

#include "inspector/join/analysis.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/input.h"

using namespace wireseam;

namespace {

constexpr size_t kHeldBytes = 4000;
constexpr size_t kMostOfOnePacket = 2000;  // its bytes and what it costs to hold them
constexpr uint32_t kBases[] = {0, 0xffffffc0, 0x7ffffff0, 5000};
constexpr uint64_t kTimeSteps[] = {0, 1'000'000, 250'000'000, 70'000'000'000};

// Mostly near one of the bases, at times anywhere.
uint32_t number_from(Input& input) {
  const unsigned shape = input.byte();
  const uint32_t near = kBases[shape % std::size(kBases)] + input.byte();
  return shape < 0xf0 ? near : near * 0x01010101;
}

// What is known of a connection that has begun and not ended.
struct Alive {
  std::array<uint64_t, 2> fresh{}, brought{}, ends{}, framed{};  // by Direction
};

// Checks what the flow table says, and hands it on to the analysis.
class CheckedFlow final : public FlowSink {
 public:
  explicit CheckedFlow(FlowSink& next) : next_(next) {}

  void begun(Connection& connection) override {
    require(alive.emplace(&connection, Alive{}).second, "a connection begins once");
    next_.begun(connection);
  }
  void segment(const Connection& connection, const Segment& segment) override {
    require(segment.fresh_before_axis <= segment.before_axis, "no more is fresh than was sent");
    const uint64_t fresh = segment.fresh - segment.fresh_before_axis;
    require(fresh <= segment.range.size(), "no more is fresh than was sent");
    of(connection).fresh[index(segment.direction)] += fresh;
    next_.segment(connection, segment);
  }
  void data(const Connection& connection, Direction direction, const StreamPiece& piece) override {
    require(piece.bytes.size() <= piece.range.size(), "a piece has no bytes outside its range");
    of(connection).brought[index(direction)] += piece.range.size();
    advance(connection, direction, piece.range);
    next_.data(connection, direction, piece);
  }
  void gap(const Connection& connection, Direction direction, ByteRange missing) override {
    advance(connection, direction, missing);
    next_.gap(connection, direction, missing);
  }
  void note(const Connection& connection, const LateNote& note) override {
    of(connection);
    next_.note(connection, note);
  }
  void handshake(const Connection& connection) override { next_.handshake(connection); }
  void closing(const Connection& connection) override { next_.closing(connection); }
  void packet_done() override { next_.packet_done(); }
  void ended(Connection& connection, EndReason reason) override {
    const Alive& ending = of(connection);
    require(ending.fresh == ending.brought, "fresh bytes are those that are handed on");
    for (const Half& half : connection.halves)
      require(!half.stream.has_hole() && half.stream.memory() == 0, "nothing is held at the end");
    next_.ended(connection, reason);
    alive.erase(&connection);
  }

  static size_t index(Direction direction) { return static_cast<size_t>(direction); }
  Alive& of(const Connection& connection) {
    const auto found = alive.find(&connection);
    require(found != alive.end(), "nothing is said of a connection before or after its time");
    return found->second;
  }
  size_t held() const {
    size_t bytes = 0;
    for (const auto& [connection, known] : alive)
      for (const Half& half : connection->halves) bytes += half.stream.memory();
    return bytes;
  }

  std::map<const Connection*, Alive> alive;

 private:
  void advance(const Connection& connection, Direction direction, ByteRange range) {
    uint64_t& end = of(connection).ends[index(direction)];
    require(range.begin == end && range.end >= range.begin, "the stream has no seams of its own");
    end = range.end;
  }

  FlowSink& next_;
};

// Checks that what is framed lies within the stream, in order.
class CheckedReport final : public ReportSink {
 public:
  void frame(const Connection& connection, Direction direction, const Frame& frame,
             const Framing* framing) override {
    if (framing != nullptr) cover(connection, direction, frame.range);
  }
  void undecoded(const Connection& connection, Direction direction, const Undecoded& undecoded,
                 uint64_t /*packet*/) override {
    cover(connection, direction, undecoded.range);
  }

  CheckedFlow* flow = nullptr;

 private:
  void cover(const Connection& connection, Direction direction, ByteRange range) {
    Alive& known = flow->of(connection);
    const size_t index = CheckedFlow::index(direction);
    require(known.framed[index] <= range.begin && range.begin < range.end, "frames are in order");
    require(range.end <= known.ends[index], "frames end within the stream");
    known.framed[index] = range.end;
  }
};

Packet next_packet(Input& input) {
  Packet packet;
  const unsigned ends = input.byte();
  packet.verdict = DecodeVerdict::Whole;
  packet.ip_version = IpVersion::V4;
  packet.transport = (ends & 0x40) != 0 ? Transport::Udp : Transport::Tcp;
  packet.source.bytes[0] = packet.destination.bytes[0] = 10;
  packet.source_port = static_cast<uint16_t>(1000 + (ends & 7));
  packet.destination_port = 50000;
  if ((ends & 0x80) != 0) std::swap(packet.source_port, packet.destination_port);
  packet.has_ip_id = true;
  packet.ip_id = input.byte();
  packet.tcp.flags = input.byte();
  packet.tcp.seq = number_from(input);
  packet.tcp.ack = number_from(input);
  packet.tcp.window = input.byte();
  return packet;
}

void read_options(Input& input, TcpOptions& options) {
  const unsigned present = input.byte();
  options.mss = static_cast<uint16_t>(present & 0x30);
  options.has_window_scale = (present & 0x40) != 0;
  options.window_scale = present & 0x0f;
  options.has_timestamps = (present & 0x80) != 0;
  if (options.has_timestamps) options.ts_value = input.byte();
  options.sack_count = static_cast<uint8_t>(present % (options.sacks.size() + 1));
  for (size_t i = 0; i < options.sack_count; ++i)
    options.sacks[i] = {number_from(input), number_from(input)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  Input input(std::as_bytes(std::span(bytes, size)));
  const FramingRules rules;
  CheckedReport report;
  Analysis analysis(rules, report);
  CheckedFlow checked(analysis);
  report.flow = &checked;
  const FlowLimits limits{.connections = 1u + input.byte() % 4, .held_bytes = kHeldBytes};
  FlowTable flows(checked, limits);
  uint64_t number = 0;
  uint64_t time_ns = 1'000'000'000'000;
  while (!input.empty()) {
    Packet packet = next_packet(input);
    read_options(input, packet.tcp.options);
    const unsigned time = input.byte();
    const uint64_t step = kTimeSteps[time % std::size(kTimeSteps)];
    time_ns = (time & 0x80) != 0 ? time_ns - step / 2 : time_ns + step;
    packet.number = ++number;
    packet.time_ns = time_ns;
    packet.payload = input.bytes(input.byte());
    const unsigned cut = input.byte();  // mostly nothing
    packet.payload_length = static_cast<uint32_t>(packet.payload.size()) + (cut > 200 ? cut : 0);
    flows.packet(packet);
    require(checked.alive.size() <= limits.connections, "no more connections than allowed");
    require(checked.held() <= kHeldBytes + kMostOfOnePacket, "no more is held than allowed");
  }
  flows.finish();
  require(checked.alive.empty(), "every connection ends");
  return 0;
}
