// SPDX-License-Identifier: Apache-2.0
// Reads what strace printed and tells it as the events that a trace would have. The text may be
// anything: a line that can't be read is reported with its number and skipped, and so is, without a
// word, a system call that calls.def does not know.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tracer/compare/log_clock.h"
#include "tracer/compare/log_line.h"
#include "tracer/compare/log_modules.h"
#include "tracer/compare/log_threads.h"
#include "tracer/compare/socket_calls.h"
#include "tracer/trace/event.h"
#include "tracer/trace/event_sorter.h"

namespace wireseam {

// Which system calls become events.
enum class LogCalls : uint8_t {
  AboutSockets,  // those that a trace has
  All,           // also those of the same kinds on other files
};

struct UnreadLine {
  uint64_t number;  // from 1
  std::string reason;
};

// How much of a log could be read.
struct LogReport {
  uint64_t lines = 0;
  uint64_t calls = 0;  // that became events, or would have if they were about sockets
  uint64_t unread = 0;
};

class StraceLog {
 public:
  using Unread = std::function<void(const UnreadLine&)>;

  // `sink` must outlive this. `unread` hears of each line that can't be read; it may be empty.
  StraceLog(EventSink& sink, Unread unread, LogCalls calls = LogCalls::AboutSockets);
  StraceLog(const StraceLog&) = delete;
  StraceLog& operator=(const StraceLog&) = delete;

  // The next line, with or without its newline. What is known for certain then is passed on.
  void add_line(std::string_view line);

  // The same of a file of that thread's own (-ff), whose lines don't name it.
  void add_line_of(std::string_view line, std::optional<uint32_t> tid);

  // There are no more lines: calls that had no end were cut off.
  void finish();

  const LogReport& report() const { return report_; }

 private:
  void take(const LogLine& line);
  LogThread& thread_of(std::optional<uint32_t> tid);
  LogThread& enter(const LogThreads::Found& found);

  bool begins_program(const LogThreads::Found& found, const LogLine& line);

  void call(LogThread& thread, const LogLine& line);
  void resumed(LogThread& thread, const LogLine& line);
  void begin_call(LogThread& thread, const LogLine& line);
  void end_call(LogThread& thread, const LogThread::OpenCall& call);
  void cut_off(LogThread& thread);
  void ended(LogThread& thread, int32_t status);
  void tell(LogThread& thread, const LogThread::OpenCall& open, CallEvent& call);
  void tell_caller(const LogThread& thread, CallEvent& call);
  void made_offspring(const LogThread& parent, Offspring offspring, int64_t child);
  static LogThread::OpenCall with_interrupted(const LogThread& thread,
                                              const LogThread::OpenCall& call);
  static void keep_interrupted(LogThread& thread, const LogThread::OpenCall& call);

  void add(const LogThread& thread, uint64_t time_ns, const decltype(Event::what)& what);
  void release();
  void unread(std::string reason);

  SocketCalls socket_calls_;
  EventSink& sink_;
  EventSorter sorter_;
  Unread unread_;
  LogClock clock_;
  LogThreads threads_;
  LogModules modules_;
  LogReport report_;
  uint64_t now_ = 0;     // of the line at hand
  uint64_t newest_ = 0;  // when the latest known call ended
};

}  // namespace wireseam
