// SPDX-License-Identifier: Apache-2.0
// A frame that lies in one piece is cut where it lies. All that comes in several pieces goes
// through held_ (until its size is known) and open_ (until its end is there).
#include "inspector/frame/frame_tracker.h"

#include <algorithm>

namespace wireseam {
namespace {

// What stands before a body, for those who show it.
Bytes shown_header(const Framing& framing, Bytes header) {
  constexpr size_t kLengthSize = 4;
  if (framing.shape.kind != ShapeKind::JsonHeader) return header;
  return header.subspan(std::min(kLengthSize, header.size()));
}

}  // namespace

FrameTracker::FrameTracker(const Framing& framing, Place place, uint64_t begin)
    : framing_(&framing), at_(begin), next_(begin), place_(place) {
  if (place == Place::Middle) lost_ = std::make_unique<Lost>(begin);
}

Seams FrameTracker::data(const StreamPiece& piece, FrameSink& sink) {
  next_ = piece.range.end;
  if (framing_->shape.kind == ShapeKind::Raw) return {};
  Turn turn{sink, piece.range.begin, {.continued = is_within_frame()}};
  const FramePart part{piece.range, piece.packet, piece.time_ns};
  Bytes bytes = piece.bytes.first(std::min<uint64_t>(piece.bytes.size(), piece.range.size()));
  const uint64_t end = piece.range.begin + bytes.size();
  if (open_ != nullptr) bytes = continue_open(part, bytes, turn);
  if (!bytes.empty()) take(part, bytes, turn);
  if (end < piece.range.end) skip({end, piece.range.end}, &part, turn);
  turn.seams.continues = is_within_frame();
  return turn.seams;
}

void FrameTracker::gap(ByteRange missing, FrameSink& sink) {
  next_ = missing.end;
  if (framing_->shape.kind == ShapeKind::Raw) return;
  Turn turn{sink, missing.begin};
  skip(missing, nullptr, turn);
}

void FrameTracker::end(FrameSink& sink) {
  if (framing_->shape.kind == ShapeKind::Raw) return;
  Turn turn{sink, next_};
  settle(turn);
  if (lost_ != nullptr) {
    report_undecoded(next_, turn);
  } else if (open_ != nullptr) {
    sink.undecoded({.range = {open_->begin(), next_},
                    .cause = UndecodedCause::Unfinished,
                    .frame_size = open_->extent().size});
  } else if (at_ < next_) {
    sink.undecoded({.range = {at_, next_}, .cause = UndecodedCause::Unfinished});
  }
  open_.reset();
  at_ = next_;
}

size_t FrameTracker::memory() const {
  return (held_ == nullptr ? 0 : held_->memory()) + (open_ == nullptr ? 0 : open_->memory()) +
         (lost_ == nullptr ? 0 : sizeof(Lost));
}

// What is left of the bytes behind the frame.
Bytes FrameTracker::continue_open(const FramePart& part, Bytes bytes, Turn& turn) {
  const auto own = std::min<uint64_t>(open_->end() - part.range.begin, bytes.size());
  if (own == 0) return bytes;
  const ByteRange range{part.range.begin, part.range.begin + own};
  open_->append({range, part.packet, part.time_ns}, bytes.first(own));
  if (range.end == open_->end()) finish_open(turn);
  return bytes.subspan(own);
}

void FrameTracker::finish_open(Turn& turn) {
  Frame frame = open_->frame();
  frame.number = ++frames_;
  frame.header = shown_header(*framing_, frame.header);
  at_ = open_->end();
  ++turn.seams.ended;
  turn.sink.frame(frame);
  open_.reset();
}

void FrameTracker::take(const FramePart& part, Bytes bytes, Turn& turn) {
  if (held_ != nullptr) {
    held_->append(part, bytes);
    return cut_held(turn);
  }
  const Window window{at_, bytes, {&part, 1}};
  cut_all(window, turn);
  if (open_ != nullptr || at_ == window.end()) return;
  held_ = std::make_unique<HeldBytes>(window, at_);
  count_held(turn);
}

void FrameTracker::cut_held(Turn& turn) {
  const Window window = held_->window();
  cut_all(window, turn);
  if (open_ != nullptr || at_ == window.end()) {
    held_.reset();
  } else {
    held_->drop_before(at_);
    count_held(turn);
  }
}

// The head of a frame stays held: it counts as begun.
void FrameTracker::count_held(Turn& turn) {
  if (lost_ == nullptr && at_ >= turn.begin) ++turn.seams.begun;
}

// Ends with at_ at the first byte that has to wait for more, if not with a frame open.
void FrameTracker::cut_all(const Window& window, Turn& turn) {
  while (at_ < window.end() && open_ == nullptr) {
    const bool goes_on = lost_ == nullptr ? cut_next(window, turn) : search(window, turn);
    if (!goes_on) return;
  }
}

bool FrameTracker::cut_next(const Window& window, Turn& turn) {
  const Bytes rest = window.from(at_);
  const CutResult result = framing_->cut(rest, place_, seen_);
  if (const auto* extent = std::get_if<FrameExtent>(&result)) {
    seen_ = 0;
    if (extent->size > UINT64_MAX - at_) {
      lose(Lost(at_, {0, Flaw::LengthAboveMax, extent->size, UINT64_MAX - at_}));
      return true;
    }
    if (extent->size <= rest.size()) {
      report(*extent, window, turn);
    } else {
      open(*extent, window, turn);
    }
    return true;
  }
  if (const auto* malformed = std::get_if<Malformed>(&result)) {
    lose(Lost(at_, *malformed));
    return true;
  }
  seen_ = rest.size();
  return false;
}

void FrameTracker::report(const FrameExtent& extent, const Window& window, Turn& turn) {
  if (window.parts.size() > 1) return report_whole(extent, window, turn);
  const uint64_t body = at_ + extent.body_offset;
  const FramePart part{
      {at_, at_ + extent.size}, window.parts.front().packet, window.parts.front().time_ns};
  const Bytes header = window.from(at_).first(extent.body_offset);
  if (at_ >= turn.begin) ++turn.seams.begun;
  ++turn.seams.ended;
  at_ = part.range.end;
  place_ = extent.next;
  turn.sink.frame({.number = ++frames_,
                   .range = part.range,
                   .body = {body, body + extent.body_size},
                   .first_ns = part.time_ns,
                   .last_ns = part.time_ns,
                   .header = shown_header(*framing_, header),
                   .parts = {&part, 1}});
}

void FrameTracker::report_whole(const FrameExtent& extent, const Window& window, Turn& turn) {
  open(extent, window, turn);
  finish_open(turn);
}

// The frame at at_, with what the window has of it.
void FrameTracker::open(const FrameExtent& extent, const Window& window, Turn& turn) {
  if (at_ >= turn.begin) ++turn.seams.begun;
  open_ = std::make_unique<OpenFrame>(at_, extent);
  const ByteRange own{at_, std::min(open_->end(), window.end())};
  for (const FramePart& part : window.parts) {
    const ByteRange range = intersection(part.range, own);
    if (range.empty()) continue;
    open_->append({range, part.packet, part.time_ns}, window.from(range.begin).first(range.size()));
  }
  if (held_ != nullptr) open_->count_merged(held_->merged_parts());
  at_ = own.end;
  place_ = extent.next;
}

bool FrameTracker::search(const Window& window, Turn& turn) {
  const Sighting sighting = lost_->search.look(*framing_, place_, window, turn.continuation);
  at_ = sighting.offset;
  if (sighting.kind == Sighting::Kind::Found) report_undecoded(at_, turn);
  return sighting.kind == Sighting::Kind::Found;
}

void FrameTracker::lose(Lost lost) {
  lost_ = std::make_unique<Lost>(lost);
  seen_ = 0;
  if (place_ != Place::Encrypted) place_ = Place::Middle;
}

// Decides about what is held without what would follow it.
void FrameTracker::settle(Turn& turn) {
  if (held_ == nullptr) return;
  if (lost_ != nullptr) {
    turn.continuation = Continuation::None;
    cut_all(held_->window(), turn);
  }
  held_.reset();
}

void FrameTracker::skip(ByteRange missing, const FramePart* carrier, Turn& turn) {
  settle(turn);
  if (open_ != nullptr) {
    open_->skip(missing, carrier);
    if (missing.end < open_->end()) return;
    finish_open(turn);
  }
  if (at_ == missing.end && lost_ == nullptr) return;
  if (framing_->shape.kind == ShapeKind::Fixed && lost_ == nullptr)
    return skip_fixed({at_, missing.end}, carrier, turn);
  lose_bytes(missing, turn);
}

// Frames of one size lie where they lie. Those of which nothing was seen are not reported: they
// might be a billion.
void FrameTracker::skip_fixed(ByteRange missing, const FramePart* carrier, Turn& turn) {
  const uint64_t size = framing_->shape.max;
  at_ += missing.size() / size * size;
  if (at_ == missing.end) return;
  if (size > UINT64_MAX - at_) return lose_bytes(missing, turn);
  open(FrameExtent{.size = size, .body_size = size}, Window{at_, {}, {}}, turn);
  open_->skip({at_, missing.end}, carrier);
}

// The bytes that would tell where the next frame begins are among the missing ones.
void FrameTracker::lose_bytes(ByteRange missing, Turn& turn) {
  if (lost_ == nullptr) lose(Lost(std::min(at_, missing.begin)));
  report_undecoded(missing.begin, turn);
  lose(Lost(missing.end));
  at_ = missing.end;
}

void FrameTracker::report_undecoded(uint64_t end, Turn& turn) {
  if (lost_->begin < end) turn.sink.undecoded({{lost_->begin, end}, lost_->cause, lost_->reason});
  lost_.reset();
}

}  // namespace wireseam
