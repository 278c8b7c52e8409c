// SPDX-License-Identifier: Apache-2.0
// Calls of several threads or processes that went on at the same time on one socket: in which order
// the kernel took them nobody tells, but the stream has their bytes in that order. So they wait
// until the stream is there, and the next one is that whose bytes lie next. None comes before one
// that had returned when it began.
#include <algorithm>
#include <utility>

#include "inspector/join/call_facts.h"
#include "inspector/join/talk.h"

namespace wireseam {
namespace {

constexpr size_t kMostHeld = 1024;
constexpr size_t kTellingBytes = 4;

bool may_be_next(const std::deque<HeldCall>& held, const HeldCall& call) {
  return std::ranges::none_of(
      held, [&](const HeldCall& other) { return other.span.end_ns() <= call.span.begin_ns; });
}

// Whether nothing of another call can lie between its bytes: a receive takes what there is, and of
// a short send all bytes are compared.
bool is_whole(const HeldCall& call) { return call.bytes.size() == call.span.range.size(); }

bool may_be_mixed(const HeldCall& call, Way way) {
  return !is_whole(call) && (way == Way::Sent || call.span.waits_for_all);
}

}  // namespace

void Joiner::hold(const Move& move) {
  std::deque<HeldCall>& held = move.talk.held_calls(move.role, move.way);
  HeldCall& call = held.emplace_back(HeldCall{move.span, {}});
  for_each_piece(move.event, move.call, move.span.range, [&](const StreamPiece& piece) {
    if (piece.range.begin == move.span.range.begin)
      call.bytes.assign(piece.bytes.begin(), piece.bytes.end());
  });
  if (call.bytes.empty() || held.size() > kMostHeld)
    lay_held_in_order(move.talk, move.role, move.way);
  else
    place_held(move.talk, move.role, move.way);
}

void Joiner::place_held(Talk& talk, Role role, Way way) {
  std::deque<HeldCall>& held = talk.held_calls(role, way);
  const NewestBytes& there = talk.bytes_of(direction_of(role, way));
  while (!held.empty() && there.end() > held.front().span.range.begin) {
    if (const auto next = next_held(talk, role, way)) {
      lay_held(talk, role, way, *next);
      continue;
    }
    const uint64_t at = held.front().span.range.begin;
    const bool is_all_there = talk.calls_under_way(role, way).threads.empty() &&
                              there.end() >= held.back().span.range.end;
    if (!is_all_there) return;
    if (there.compare(at, held.front().bytes) == Likeness::NotKnown &&
        std::ranges::all_of(held, is_whole))
      lay_held_in_order(talk, role, way);
    else
      leave_held_unplaced(talk, role, way);
  }
}

// The one whose bytes lie next; the first to return of those that begin alike.
std::optional<size_t> Joiner::next_held(Talk& talk, Role role, Way way) {
  std::deque<HeldCall>& held = talk.held_calls(role, way);
  const NewestBytes& there = talk.bytes_of(direction_of(role, way));
  const uint64_t next = held.front().span.range.begin;
  const auto lies_next = [&](const HeldCall& call) {
    return may_be_next(held, call) && there.compare(next, call.bytes) == Likeness::Equal;
  };
  const auto found = std::ranges::find_if(held, lies_next);
  if (found == held.end()) return std::nullopt;
  const bool may_be_another = !talk.calls_under_way(role, way).threads.empty();
  const uint64_t end = next + found->span.range.size();
  const auto follows = [&](const HeldCall& call) {
    return &call != &*found && there.compare(end, call.bytes) == Likeness::Equal;
  };
  const bool is_last = held.size() == 1 && !may_be_another && there.end() >= end;
  if (may_be_mixed(*found, way) && !is_last && std::ranges::none_of(held, follows))
    return std::nullopt;
  const bool is_one_of_several = std::any_of(std::next(found), held.end(), lies_next);
  const bool is_there_alone = way == Way::Received && found->bytes.size() >= kTellingBytes &&
                              there.find_only(found->bytes, next) == next;
  const bool is_proved = is_there_alone || are_distinct(found->bytes) || !may_be_another;
  found->span.unordered = found->span.ambiguous && (is_one_of_several || !is_proved);
  return static_cast<size_t>(found - held.begin());
}

void Joiner::lay_held(Talk& talk, Role role, Way way, size_t next) {
  std::deque<HeldCall>& held = talk.held_calls(role, way);
  uint64_t at = held.front().span.range.begin;
  CallSpan span = held[next].span;
  held.erase(held.begin() + std::ptrdiff_t(next));
  span.range = {at, at + span.range.size()};
  at = span.range.end;
  for (HeldCall& later : held) {
    later.span.range = {at, at + later.span.range.size()};
    at = later.span.range.end;
  }
  talk.calls(role, way).add(span);
  settle(talk, direction_of(role, way));
}

// Their bytes are mixed, but those of the next call lie behind all of them.
void Joiner::leave_held_unplaced(Talk& talk, Role role, Way way) {
  std::deque<HeldCall> held = std::exchange(talk.held_calls(role, way), {});
  Placement& place = talk.party(role).place(way);
  if (place.known()) {
    place.doubt = Doubt::Overlap;
    place.known_until = held.front().span.range.begin;
  }
  for (const HeldCall& call : held) {
    ++place.unplaced_calls;
    place.unplaced_bytes += call.span.range.size();
  }
  place.known_from = held.back().span.range.end;
  talk.calls(role, way).cover(place.known_from);
  settle(talk, direction_of(role, way));
}

void Joiner::lay_held_in_order(Talk& talk, Role role, Way way) {
  std::deque<HeldCall>& held = talk.held_calls(role, way);
  while (!held.empty()) {
    held.front().span.unordered = held.front().span.ambiguous;
    lay_held(talk, role, way, 0);
  }
}

// Nothing more will come.
void Joiner::place_all_held(Talk& talk) {
  for (const Role role : {Role::Client, Role::Server}) {
    for (const Way way : {Way::Sent, Way::Received}) {
      talk.calls_under_way(role, way).threads.clear();
      place_held(talk, role, way);
      lay_held_in_order(talk, role, way);
    }
  }
}

}  // namespace wireseam
