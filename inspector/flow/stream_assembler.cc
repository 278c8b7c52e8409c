// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/stream_assembler.h"

#include <algorithm>

namespace wireseam {
namespace {

constexpr size_t kNodeSize = 128;  // of a held piece, besides its bytes

// The part of a piece from `begin` to `end`, which lie in it.
StreamPiece part_of(const StreamPiece& piece, uint64_t begin, uint64_t end) {
  StreamPiece part = piece;
  part.range = {begin, end};
  const uint64_t captured = piece.bytes.size();
  const uint64_t from = std::min(begin - piece.range.begin, captured);
  const uint64_t to = std::min(end - piece.range.begin, captured);
  part.bytes = piece.bytes.subspan(from, to - from);
  return part;
}

// Whether two copies of the same bytes differ, as far as both were captured.
bool differ(std::span<const std::byte> a, std::span<const std::byte> b) {
  const size_t both = std::min(a.size(), b.size());
  return !std::ranges::equal(a.first(both), b.first(both));
}

}  // namespace

uint64_t StreamAssembler::end() const { return held_ ? held_->pieces.rbegin()->second.end : next_; }

ByteRange StreamAssembler::first_hole() const {
  return held_ ? ByteRange{next_, held_->pieces.begin()->first} : ByteRange{next_, next_};
}

// The first held piece that has bytes at or behind `offset`.
StreamAssembler::Pieces::iterator StreamAssembler::first_behind(uint64_t offset) const {
  auto piece = held_->pieces.upper_bound(offset);
  if (piece != held_->pieces.begin() && std::prev(piece)->second.end > offset) --piece;
  return piece;
}

uint64_t StreamAssembler::hole_ns() const {
  return held_ ? held_->pieces.begin()->second.time_ns : 0;
}

Novelty StreamAssembler::novelty(ByteRange range) const {
  const uint64_t begin = std::max(range.begin, next_);
  if (begin >= range.end) return {};
  Novelty novelty{.fresh = range.end - begin};
  if (!held_) return novelty;
  auto piece = first_behind(begin);
  for (auto held = piece; held != held_->pieces.end() && held->first < range.end; ++held)
    novelty.fresh -= std::min(held->second.end, range.end) - std::max(held->first, begin);
  if (novelty.fresh > 0 && piece != held_->pieces.end()) {
    novelty.hole_packet = piece->second.packet;
    novelty.hole_ns = piece->second.time_ns;
  }
  return novelty;
}

Copies StreamAssembler::insert(const StreamPiece& piece, StreamSink& sink) {
  if (piece.range.end <= next_) return Copies::Agree;
  const uint64_t begin = std::max(piece.range.begin, next_);
  if (begin == next_ && !held_) {
    next_ = piece.range.end;
    sink.data(piece.range.begin == begin ? piece : part_of(piece, begin, piece.range.end));
    return Copies::Agree;
  }
  const Copies copies = insert_behind_hole(part_of(piece, begin, piece.range.end));
  release(sink);
  return copies;
}

// Holds those parts of the piece that nothing held covers.
Copies StreamAssembler::insert_behind_hole(const StreamPiece& piece) {
  if (!held_) held_ = std::make_unique<Holding>();
  Copies copies = Copies::Agree;
  uint64_t at = piece.range.begin;
  for (auto held = first_behind(at); at < piece.range.end; ++held) {
    const bool covered = held != held_->pieces.end() && held->first < piece.range.end;
    const uint64_t until = covered ? std::max(held->first, at) : piece.range.end;
    if (at < until) hold(part_of(piece, at, until));
    if (!covered) break;
    at = std::min(held->second.end, piece.range.end);
    const uint64_t both = std::max(held->first, piece.range.begin);
    const auto before = std::span(held->second.bytes);
    if (differ(part_of(piece, both, at).bytes,
               before.subspan(std::min(both - held->first, before.size()))))
      copies = Copies::Differ;
  }
  return copies;
}

void StreamAssembler::hold(const StreamPiece& piece) {
  Held held{piece.range.end, piece.packet, piece.time_ns, {piece.bytes.begin(), piece.bytes.end()}};
  held_->memory += kNodeSize + held.bytes.size();
  held_->pieces.emplace(piece.range.begin, std::move(held));
}

// Hands on what has its turn now.
void StreamAssembler::release(StreamSink& sink) {
  while (!held_->pieces.empty() && held_->pieces.begin()->first == next_) {
    const auto node = held_->pieces.extract(held_->pieces.begin());
    const Held& held = node.mapped();
    held_->memory -= kNodeSize + held.bytes.size();
    sink.data({{next_, held.end}, held.packet, held.time_ns, held.bytes});
    next_ = held.end;
  }
  if (held_->pieces.empty()) held_.reset();
}

void StreamAssembler::give_up_hole(StreamSink& sink) {
  if (!held_) return;
  const ByteRange hole = first_hole();
  sink.gap(hole, held_->pieces.begin()->second.packet);
  next_ = hole.end;
  release(sink);
}

}  // namespace wireseam
