// SPDX-License-Identifier: Apache-2.0
// Alignment is lost where a frame is malformed, where the bytes that tell a frame's size are
// missing, and where a connection was there before its capture. Nearly any bytes look like a frame
// of some protocols (a 16-bit length is never wrong), like none of others (a BGP message begins
// with 128 set bits). So every candidate has to bring evidence, counted in bits: one more for each
// time that half of all garbage would have failed.
//
//   checks     each byte that the framing fixes to one value: 8; to a range: what the range leaves.
//   length     a length that could have been much larger: at most 9 for a frame, since small
//              numbers are common in anybody's bytes; none for a frame without a body, since zeros
//              are commoner still. A JSON header that parses: 32. Digits: 3 each.
//   beginning  the candidate stands at the beginning of a packet's bytes: 12. Many programs write
//              one message at a time.
//   end        a frame ends where a packet's bytes end: 12, each time; 18 where it is the packet
//              that the candidate begins with.
//
// A candidate's frames are followed, one behind the other, until 30 bits have come together (a
// stream has many million candidates) or one is malformed. What that means:
//
//   json-header   one frame is enough, anywhere.
//   tls           18 bits by its first three bytes: one record is enough at a packet's beginning,
//                 and two anywhere. modbus the same; bgp and mongodb need no second.
//   len32le       four small frames in a row anywhere; two at a packet's beginning, or one that
//                 fills its packet. The sign alone would let half of all garbage pass.
//   varint, dns   their lengths prove nothing: it takes frames that fill a packet, or three ends.
//   In
//                 a stream that is written in bulk they may be found late; better than wrong.
//   line          is no matter of evidence: a frame begins behind every delimiter.
//
// Candidates are tried in the order of the bytes, a packet's first byte with its bonus, then every
// other. One that needs bytes which have not come waits, and the first that needs no more wins: so
// a stray length doesn't hide the frames behind it. A candidate whose evidence lies further than
// kSearchReach away is given up. So each byte costs a bounded number of cuts, and what is held is
// bounded. (A JSON header is scanned whole for its candidate; but a scan ends at a NUL byte, and
// every candidate has one in its length.) The price: in a stream of weakly marked frames that are
// larger than that, alignment returns only with smaller ones.
#include "inspector/frame/resync.h"

#include <algorithm>

#include "inspector/frame/evidence.h"

namespace wireseam {
namespace {

constexpr int kEnough = 30;
constexpr int kPacketBeginning = 12;
constexpr int kPacketEnd = 12;
constexpr int kSamePacketEnd = 18;
constexpr int kFramesFollowed = 32;

using enum Sighting::Kind;

}  // namespace

// Judges candidates in a window: a view.
class Search::Candidates {
 public:
  Candidates(const Framing& framing, Place place, const Window& window, Continuation continuation)
      : framing_(framing),
        place_(place),
        window_(window),
        checks_(evidence_of_checks(usual_shape(framing, place))),
        continuation_(continuation) {}

  Sighting::Kind judge(uint64_t begin) const;
  uint64_t end() const { return window_.end(); }

 private:
  Sighting::Kind await(uint64_t begin, uint64_t end) const {
    const bool comes = continuation_ == Continuation::Expected && end - begin <= kSearchReach;
    return comes ? Perhaps : Nothing;
  }
  // The first packet that ends behind the offset or at it; none for an offset behind all.
  const FramePart* packet_at(uint64_t offset) const;
  int evidence_of_end(const FramePart* first, uint64_t begin, uint64_t end) const;

  const Framing& framing_;
  const Place place_;
  const Window& window_;
  const int checks_;
  const Continuation continuation_;
};

Sighting::Kind Search::Candidates::judge(uint64_t begin) const {
  const FramePart* first = packet_at(begin + 1);
  int evidence = first->range.begin == begin ? kPacketBeginning : 0;
  uint64_t at = begin;
  Place place = place_;
  for (int i = 0; i < kFramesFollowed; ++i) {
    if (at >= window_.end()) return await(begin, at);
    const CutResult result = framing_.cut(window_.from(at), place);
    if (const auto* more = std::get_if<NeedMore>(&result)) return await(begin, at + more->size);
    const auto* extent = std::get_if<FrameExtent>(&result);
    if (extent == nullptr || __builtin_add_overflow(at, extent->size, &at)) return Nothing;
    const int own = checks_ + evidence_of_length(usual_shape(framing_, place), *extent);
    if (i == 0 && own == 0 && extent->body_size == 0) return Nothing;
    evidence += own + evidence_of_end(first, begin, at);
    if (evidence >= kEnough) return Found;
    place = extent->next;
  }
  return Nothing;
}

int Search::Candidates::evidence_of_end(const FramePart* first, uint64_t begin,
                                        uint64_t end) const {
  if (first->range == ByteRange{begin, end}) return kSamePacketEnd;
  const FramePart* packet = packet_at(end);
  return packet != nullptr && packet->range.end == end ? kPacketEnd : 0;
}

const FramePart* Search::Candidates::packet_at(uint64_t offset) const {
  const auto part = std::ranges::lower_bound(window_.parts, offset, {},
                                             [](const FramePart& p) { return p.range.end; });
  return part == window_.parts.end() ? nullptr : &*part;
}

Sighting Search::look(const Framing& framing, Place place, const Window& window,
                      Continuation continuation) {
  const Shape& shape = usual_shape(framing, place);
  if (shape.kind == ShapeKind::Delimited) return look_behind_delimiter(shape, window);
  const Candidates candidates(framing, place, window, continuation);
  if (look_at_waiting(candidates)) return {Found, waiting_[0]};
  if (look_further(candidates)) return {Found, frontier_};
  if (waiting_count_ > 0) return {Perhaps, waiting_[0]};
  return {Nothing, frontier_};
}

// Frames of a delimiter begin behind it. Its first bytes may be the last ones of the window.
Sighting Search::look_behind_delimiter(const Shape& shape, const Window& window) {
  Shape endless = shape;
  endless.max = UINT64_MAX;
  const CutResult result = cut_shape(endless, window.from(frontier_), 0);
  if (const auto* extent = std::get_if<FrameExtent>(&result))
    return {Found, frontier_ + extent->size};
  const uint64_t kept = std::min<uint64_t>(shape.end.size - 1u, window.end() - frontier_);
  frontier_ = window.end() - kept;
  return {kept == 0 ? Nothing : Perhaps, frontier_};
}

// Keeps those that go on waiting. True: waiting_[0] is a frame.
bool Search::look_at_waiting(const Candidates& candidates) {
  size_t kept = 0;
  for (size_t i = 0; i < waiting_count_; ++i) {
    const Sighting::Kind kind = candidates.judge(waiting_[i]);
    if (kind == Found) {
      waiting_[0] = waiting_[i];
      return true;
    }
    if (kind == Perhaps) waiting_[kept++] = waiting_[i];
  }
  waiting_count_ = kept;
  return false;
}

// True: there is a frame at frontier_.
bool Search::look_further(const Candidates& candidates) {
  for (; frontier_ < candidates.end() && waiting_count_ < kMostWaiting; ++frontier_) {
    const Sighting::Kind kind = candidates.judge(frontier_);
    if (kind == Found) return true;
    if (kind == Perhaps) waiting_[waiting_count_++] = frontier_;
  }
  return false;
}

}  // namespace wireseam
