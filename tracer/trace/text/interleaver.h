// SPDX-License-Identifier: Apache-2.0
// Lines of calls that overlap. A call that others come into is shown as strace shows it:
//
//     accept(3,  <unfinished ...>
//     <... accept resumed>{sa_family=AF_UNIX}, [110 => 2]) = 4
//
// The text is in the order of time, a call's beginning when it began and its end when it ended. So
// the end of a call is held back until something later is known, or nothing more is at hand. Calls
// may come in the order in which they began, or in that in which they ended if those that were
// running meanwhile are announced. An announced call is not shown before something else must be: if
// nothing comes between, its line is never cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tracer/trace/text/line_buffer.h"
#include "tracer/trace/text/line_start.h"

namespace wireseam {

// Tells one call of a trace from another.
struct CallKey {
  uint32_t tid = 0;
  uint32_t serial = 0;

  bool operator==(const CallKey&) const = default;
};

// A call that has begun.
struct BegunCall {
  CallKey key;
  uint64_t begin_ns = 0;
  int syscall = -1;  // its number, if there is one
  std::string_view name;
  std::string_view entry;  // "accept(3, "
  size_t arguments = 0;    // how many of them `entry` has
};

struct EndedCall {
  uint64_t end_ns = 0;
  std::string_view exit;    // "NULL, NULL)"
  std::string_view result;  // "= 4"
};

class Interleaver {
 public:
  // All must live as long as this.
  Interleaver(const TextOptions& options, LineBuffer& lines, LineStart& line_start)
      : options_(options), lines_(lines), line_start_(line_start) {}

  // A call is running. One that was announced before is not announced twice.
  void announce(const BegunCall& call);

  // How many arguments of a call are shown already; no value while none of it is.
  std::optional<size_t> arguments_shown(CallKey key);

  // A call has ended whose beginning is shown.
  void end(CallKey key, const EndedCall& ended);

  // A call of which nothing is shown has begun and ended.
  void add(const BegunCall& begun, const EndedCall& ended);

  // A line for something that is no call.
  void add_note(uint32_t tid, uint64_t time_ns, std::string_view note);

  // Nothing more is at hand: shows what was held back, but for calls that are still running.
  void flush();

  // Begins the lines of calls that are running.
  void show_announced();

  // Shows those that run since before that time, each in a line of its own.
  void show_waiting_since(uint64_t time_ns);

  // The end: leaves no line open.
  void finish();

 private:
  struct Call {
    CallKey key;
    uint64_t begin_ns;
    int syscall;
    size_t arguments;
    std::string name;
    std::string entry;
    bool shown;
    uint64_t order;  // among those that are shown
    bool ended;
    uint64_t end_ns;
    std::string exit;
    std::string result;
  };
  using Calls = std::list<Call>;  // its nodes are used again, so their strings need no new memory
  struct KeyHash {
    size_t operator()(const CallKey& key) const {
      return std::hash<uint64_t>{}(uint64_t{key.tid} << 32 | key.serial);
    }
  };
  // Of those that are shown and have ended the first one to end comes first, of several the one
  // that was shown first.
  struct EndsLater {
    bool operator()(Calls::iterator a, Calls::iterator b) const {
      return a->end_ns != b->end_ns ? a->end_ns > b->end_ns : a->order > b->order;
    }
  };

  Call* find(CallKey key);
  Calls::iterator append(const BegunCall& begun);
  void set_end(Calls::iterator call, const EndedCall& ended);
  void show_announced_before(uint64_t time_ns);
  void show(Calls::iterator announced);
  void await_turn(Calls::iterator ended);
  void advance(uint64_t time_ns);
  void show_first_end();
  void begin_line(uint32_t tid, uint64_t time_ns, int syscall);
  void cut_line();

  const TextOptions& options_;
  LineBuffer& lines_;
  LineStart& line_start_;
  Calls announced_;  // nothing of them is shown
  Calls shown_;      // their beginning is shown
  Calls unused_;
  // Thousands of calls may wait while others come and go: none of these is gone through.
  std::unordered_map<CallKey, Calls::iterator, KeyHash> running_;  // those that have not ended
  std::vector<Calls::iterator> ends_;                              // a heap by EndsLater
  uint64_t order_ = 0;
  const Call* open_ = nullptr;  // whose line it is, if one is open
};

}  // namespace wireseam
