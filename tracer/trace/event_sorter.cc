// SPDX-License-Identifier: Apache-2.0
// Two queues over the records held: by when they began and by when they took effect.
#include "tracer/trace/event_sorter.h"

#include <algorithm>

namespace wireseam {
namespace {

// A slot keeps its memory for the next record unless that is more than most records need.
constexpr size_t kKeptCapacity = 1024;

}  // namespace

void EventSorter::DueQueue::push(const Due& due) {
  if (row_.empty() || due > row_.back())
    row_.push_back(due);
  else
    heap_.push(due);
}

void EventSorter::DueQueue::pop() {
  if (heap_comes_first())
    heap_.pop();
  else
    row_.pop_front();
}

RecordFate EventSorter::add(const RawRecord& record) {
  const RecordFate fate = hold(record);
  while (is_settled()) release_next();
  return fate;
}

RecordFate EventSorter::hold(const RawRecord& record) {
  const auto times = record_times(record.bytes);
  if (!times) return decode_record(record.context, record.bytes, symbols_).fate;
  const size_t slot = store(record);
  starts_.push({times->start, slots_[slot].order, slot});
  effects_.push({times->effect, slots_[slot].order, slot});
  newest_ = std::max(newest_, times->effect);
  return RecordFate::Event;
}

bool EventSorter::is_settled() const {
  return !effects_.empty() &&
         (newest_ - effects_.top().time > window_.ns || held_bytes_ > window_.bytes);
}

std::optional<uint64_t> EventSorter::next_effect_ns() const {
  if (effects_.empty()) return std::nullopt;
  return effects_.top().time;
}

void EventSorter::add_running(const RawRecord& record) {
  const auto times = record_times(record.bytes);
  if (!times) return;
  const size_t slot = store(record);
  slots_[slot].running = true;
  starts_.push({times->start, slots_[slot].order, slot});
}

void EventSorter::release_until(uint64_t time_ns) {
  while (!effects_.empty() && effects_.top().time <= time_ns) release_next();
  announce_until({.time = time_ns, .order = 0, .slot = 0});
}

void EventSorter::finish() {
  while (!effects_.empty()) release_next();
}

size_t EventSorter::store(const RawRecord& record) {
  if (free_.empty()) {
    free_.push_back(slots_.size());
    slots_.emplace_back();
  }
  const size_t slot = free_.back();
  free_.pop_back();
  Held& held = slots_[slot];
  held.context = record.context;
  held.order = ++arrived_;
  held.running = false;
  held.bytes.assign(record.bytes.begin(), record.bytes.end());
  held_bytes_ += held.bytes.size();
  return slot;
}

void EventSorter::release_next() {
  const Due next = effects_.top();
  effects_.pop();
  announce_until(next);
  pass_on(slots_[next.slot]);
  let_go(next.slot);
}

void EventSorter::let_go(size_t slot) {
  Held& held = slots_[slot];
  held_bytes_ -= held.bytes.size();
  held.order = 0;
  if (held.bytes.capacity() > kKeptCapacity) held.bytes = {};
  free_.push_back(slot);
}

// Announces what began before `next` takes effect and is still held, `next` itself only if
// something else began in the meantime.
void EventSorter::announce_until(const Due& next) {
  while (!starts_.empty() && starts_.top().time < next.time) {
    const Due start = starts_.top();
    starts_.pop();
    const Held& held = slots_[start.slot];
    if (held.order != start.order) continue;
    const bool something_between = !starts_.empty() && starts_.top().time < next.time;
    if (start.order != next.order || something_between) announce(held);
    if (held.running) let_go(start.slot);
  }
}

void EventSorter::pass_on(const Held& held) {
  const DecodedRecord decoded = decode_record(held.context, held.bytes, symbols_);
  if (decoded.fate == RecordFate::Event) sink_.event(decoded.event);
}

void EventSorter::announce(const Held& held) {
  DecodedRecord decoded = decode_record(held.context, held.bytes, symbols_);
  auto* call = std::get_if<CallEvent>(&decoded.event.what);
  if (decoded.fate != RecordFate::Event || call == nullptr) return;
  call->state = CallState::Running;
  sink_.running(decoded.event);
}

ReadReport replay_trace(TraceReader& reader, EventSink& sink) {
  EventSorter sorter(sink);
  while (const auto record = reader.next()) reader.count(sorter.add(*record));
  sorter.finish();
  sink.finish();
  return reader.report();
}

}  // namespace wireseam
