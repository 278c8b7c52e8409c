// SPDX-License-Identifier: Apache-2.0
// Puts the records of a trace file into the order in which the calls took effect, and tells of a
// call that was running while others came and went, as the live trace does.
//
// The collector brings records of a live trace, and calls that are still running.
//
// A call takes effect when it returns; only a call that gives descriptors away (close, close_range,
// closefrom, fclose, exec) does at its start, since another thread's accept may return the number
// before close does. In this order a descriptor always means the right socket. A trace file is
// nearly in it already: a record is written within moments of its call's end, however long ago the
// call began. So a bounded window sorts exactly, and what comes later than the window allows is
// passed on at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <span>
#include <vector>

#include "tracer/trace/event.h"
#include "tracer/trace/reader.h"
#include "tracer/trace/record.h"

namespace wireseam {

class EventSorter {
 public:
  struct Window {
    uint64_t ns = 2'000'000'000;      // how far behind the newest a record may be
    size_t bytes = size_t{16} << 20;  // of records held; more than that shortens the window
  };

  // `sink` must outlive the sorter. Its running() hears of each call that began before another
  // event and took effect after it, if that was within the window.
  explicit EventSorter(EventSink& sink) : EventSorter(sink, Window{}) {}
  EventSorter(EventSink& sink, Window window) : sink_(sink), window_(window) {}

  // Copies the record. Records of unknown kinds are left out, as the answer says.
  RecordFate add(const RawRecord& record);

  // A call that is still being made, so that it is announced in its place; it is to be added when
  // it has returned.
  void add_running(const RawRecord& record);

  // The same as add, but passes nothing on: for who takes one event after the other.
  RecordFate hold(const RawRecord& record);

  // Whether what is held first comes first: it lies farther back than the window reaches.
  bool is_settled() const;

  // When it took effect; no value where nothing is held.
  std::optional<uint64_t> next_effect_ns() const;

  // Passes it on; there must be one.
  void release_next();

  // Passes on what took effect up to that time, and announces the calls that run since before.
  void release_until(uint64_t time_ns);

  // Passes on everything that is held.
  void finish();

 private:
  struct Held {
    RecordContext context{};
    uint64_t order = 0;    // of arrival, from 1; 0 when the slot is free
    bool running = false;  // it has not taken effect: held until it is announced
    std::vector<std::byte> bytes;
  };
  struct Due {
    uint64_t time;
    uint64_t order;
    size_t slot;

    bool operator>(const Due& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };
  // Most come in their order: these wait in a row, which costs less than a heap does.
  class DueQueue {
   public:
    void push(const Due& due);
    bool empty() const { return row_.empty() && heap_.empty(); }
    const Due& top() const { return heap_comes_first() ? heap_.top() : row_.front(); }
    void pop();

   private:
    bool heap_comes_first() const {
      return !heap_.empty() && (row_.empty() || row_.front() > heap_.top());
    }

    std::deque<Due> row_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> heap_;
  };

  size_t store(const RawRecord& record);
  void let_go(size_t slot);
  void announce_until(const Due& next);
  void pass_on(const Held& held);
  void announce(const Held& held);

  EventSink& sink_;
  Window window_;
  SymbolTable symbols_;
  std::vector<Held> slots_;
  std::vector<size_t> free_;
  DueQueue starts_;
  DueQueue effects_;
  uint64_t arrived_ = 0;
  uint64_t newest_ = 0;
  size_t held_bytes_ = 0;
};

// Reads all of a trace into the sink, sorted, and ends with sink.finish().
ReadReport replay_trace(TraceReader& reader, EventSink& sink);

}  // namespace wireseam
