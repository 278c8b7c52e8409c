// SPDX-License-Identifier: Apache-2.0
// Random talks of two programs, as a trace file and as packets: what the joiner says of each send,
// frame and receive must be what was true when they were made.
#include <algorithm>
#include <functional>
#include <map>

#include "tests/unit/catch2.h"
#include "tests/unit/join/made_talk.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

struct Carried {
  uint64_t packet = 0;
  ByteRange range;

  bool operator==(const Carried&) const = default;
};

// What lies beside a range.
struct Lanes {
  ByteRange range;
  Ranges sends, frames, receives;
  std::vector<Carried> segments;
  bool whole = true;

  bool operator==(const Lanes&) const = default;
};

std::string text(const Ranges& ranges) {
  std::string text;
  for (const ByteRange each : ranges)
    text += " " + std::to_string(each.begin) + "-" + std::to_string(each.end);
  return text;
}

std::ostream& operator<<(std::ostream& out, const Lanes& lanes) {
  out << text({lanes.range}) << ": sends" << text(lanes.sends) << ", segments";
  for (const Carried& each : lanes.segments) out << " #" << each.packet << text({each.range});
  out << ", frames" << text(lanes.frames) << ", receives" << text(lanes.receives);
  return out << (lanes.whole ? "" : ", incomplete") << '\n';
}

struct Direct {
  std::vector<Lanes> sends, frames, receives;
};

// What the joiner said, by the client's port.
class Said final : public ReportSink {
 public:
  void sent(const Conversation& talk, Direction direction, const CallSpan& call,
            const Beside& beside) override {
    of(talk, direction).sends.push_back(lanes(call.range, beside));
    ambiguous += call.ambiguous ? 1 : 0;
  }
  void framed(const Conversation& talk, Direction direction, const FrameSpan& frame,
              const Beside& beside) override {
    of(talk, direction).frames.push_back(lanes(frame.range, beside));
  }
  void received(const Conversation& talk, Direction direction, const CallSpan& call,
                const Beside& beside) override {
    of(talk, direction).receives.push_back(lanes(call.range, beside));
    ambiguous += call.ambiguous ? 1 : 0;
  }
  void joined(const Conversation& talk) override { ++ended[talk.client_port]; }

  std::map<std::pair<uint16_t, Direction>, Direct> said;
  std::map<uint16_t, int> ended;
  int ambiguous = 0;

 private:
  Direct& of(const Conversation& talk, Direction direction) {
    return said[{talk.client_port, direction}];
  }

  template <typename Span>
  static Ranges ranges(std::span<const Span> spans) {
    Ranges ranges;
    for (const Span& each : spans) ranges.push_back(each.range);
    return ranges;
  }

  static Lanes lanes(ByteRange range, const Beside& beside) {
    Lanes lanes{range, ranges(beside.sends), ranges(beside.frames), ranges(beside.receives),
                {},    beside.whole};
    for (const WireSpan& each : beside.segments)
      lanes.segments.push_back({each.packet, each.range});
    return lanes;
  }
};

// The truth of one direction, in the same form.
class Truth {
 public:
  Truth(const MadeStream& made, bool sends_traced, bool receives_traced, const Direct& said)
      : sends_(sends_traced ? made.sends : Ranges{}),
        receives_(receives_traced ? made.receives : Ranges{}) {
    for (uint64_t at = 0; at < made.carriers.size(); ++at) carry(at, made.carriers[at]);
    // Behind a hole it is the tracker's affair where frames are found again.
    for (const Lanes& each : said.frames) frames_.push_back(each.range);
  }

  // What is said to lie beside each of them has to be this.
  std::vector<Lanes> beside(const Ranges& ranges) const {
    std::vector<Lanes> all;
    for (const ByteRange range : ranges)
      all.push_back({range, overlapping(sends_, range), overlapping(frames_, range),
                     overlapping(receives_, range), overlapping_carried(range), true});
    return all;
  }

  const Ranges& sends() const { return sends_; }
  const Ranges& frames() const { return frames_; }
  const Ranges& receives() const { return receives_; }

 private:
  void carry(uint64_t at, uint64_t packet) {
    if (packet == 0) return;
    if (!carried_.empty() && carried_.back().packet == packet && carried_.back().range.end == at)
      ++carried_.back().range.end;
    else
      carried_.push_back({packet, {at, at + 1}});
  }

  static Ranges overlapping(const Ranges& ranges, ByteRange range) {
    Ranges found;
    std::ranges::copy_if(ranges, std::back_inserter(found),
                         [&](ByteRange each) { return each.overlaps(range); });
    return found;
  }
  std::vector<Carried> overlapping_carried(ByteRange range) const {
    std::vector<Carried> found;
    std::ranges::copy_if(carried_, std::back_inserter(found),
                         [&](const Carried& each) { return each.range.overlaps(range); });
    return found;
  }

  Ranges sends_, receives_, frames_;
  std::vector<Carried> carried_;
};

// The frames of which every byte up to their end was captured.
Ranges captured_frames(const MadeStream& made) {
  const auto hole = std::ranges::find(made.carriers, uint64_t{0});
  const auto first_missing = static_cast<uint64_t>(hole - made.carriers.begin());
  Ranges captured;
  std::ranges::copy_if(made.frames, std::back_inserter(captured),
                       [&](ByteRange frame) { return frame.end <= first_missing; });
  return captured;
}

void check(const MadeStream& made, bool sends_traced, bool receives_traced, const Direct& said) {
  const Truth truth(made, sends_traced, receives_traced, said);
  CHECK(said.sends == truth.beside(truth.sends()));
  CHECK(said.receives == truth.beside(truth.receives()));
  CHECK(said.frames == truth.beside(truth.frames()));
  const Ranges certain = captured_frames(made);
  REQUIRE(truth.frames().size() >= certain.size());
  CHECK(std::ranges::equal(certain, std::span(truth.frames()).first(certain.size())));
}

// Talks that go on at the same time, each of its own kind.
void check_talks(uint32_t seed, const std::function<void(TalkPlan&, Random&)>& change) {
  Random random(seed);
  TraceFile calls;
  std::vector<MadePacket> packets;
  std::vector<MadeTalk> talks;
  TalkPlan next;
  for (uint64_t left = between(random, 1, 3); left > 0; --left) {
    TalkPlan plan = next;
    change(plan, random);
    talks.push_back(make_talk(plan, random, calls, packets));
    // Programs are numbered in the order in which they begin.
    next.client_port++;
    next.begin_ns += between(random, 1, 1'000'000);
  }
  const std::vector<TimedBytes> captured = number_packets(std::move(packets), talks);
  Said said;
  replay(calls, captured, "len32le", said);
  CHECK(said.ambiguous == 0);
  for (const MadeTalk& talk : talks) {
    const TalkPlan& plan = talk.plan;
    INFO("seed " << seed << ", port " << plan.client_port);
    check(talk.streams[0], plan.client_traced, plan.server_traced,
          said.said[{plan.client_port, Direction::ToServer}]);
    check(talk.streams[1], plan.server_traced, plan.client_traced,
          said.said[{plan.client_port, Direction::ToClient}]);
    CHECK(said.ended[plan.client_port] == 1);
  }
}

constexpr uint32_t kSeeds = 60;

}  // namespace

TEST_CASE("Sends, segments, frames and receives of random talks lie where they were made") {
  for (uint32_t seed = 0; seed < kSeeds; ++seed) check_talks(seed, [](TalkPlan&, Random&) {});
}

TEST_CASE("Segments that were lost, overtaken and sent again in other pieces change no alignment") {
  for (uint32_t seed = 0; seed < kSeeds; ++seed)
    check_talks(seed, [](TalkPlan& plan, Random&) { plan.lost = plan.reordered = 0.2; });
}

TEST_CASE("Packets that the capture lacks leave holes and no wrong alignments") {
  for (uint32_t seed = 0; seed < kSeeds; ++seed)
    check_talks(seed, [](TalkPlan& plan, Random& random) {
      plan.not_captured = 0.1;
      plan.lost = plan.reordered = happens(random, 0.5) ? 0.1 : 0;
    });
}

TEST_CASE("Where one program's calls are missing, the other's lie where they were made") {
  for (uint32_t seed = 0; seed < kSeeds; ++seed)
    check_talks(seed, [](TalkPlan& plan, Random& random) {
      plan.client_traced = happens(random, 0.5);
      plan.server_traced = !plan.client_traced && happens(random, 0.7);
      plan.lost = plan.reordered = 0.1;
    });
}

TEST_CASE("A recording that stops in the middle has what was there") {
  for (uint32_t seed = 0; seed < kSeeds; ++seed)
    check_talks(seed, [](TalkPlan& plan, Random&) {
      plan.ends_early = true;
      plan.lost = plan.reordered = 0.1;
    });
}
