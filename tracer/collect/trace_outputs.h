// SPDX-License-Identifier: Apache-2.0
// All that a live trace is turned into: what is printed, and the trace file. Each part may fail for
// itself, and the program goes on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "tracer/collect/collector.h"
#include "tracer/collect/follow.h"
#include "tracer/collect/trace_printer.h"
#include "tracer/collect/trace_program.h"
#include "tracer/collect/unseen_sockets.h"
#include "tracer/trace/writer.h"

namespace wireseam {

class TraceOutputs {
 public:
  // Opens what the request wants; it and `warn` must outlive this. Throws Error.
  TraceOutputs(const TraceRequest& request, const Warn& warn);

  // For records of the shim, which reach the file as they are.
  CollectorOutputs for_collector();

  // For events that come from elsewhere: to be printed and written.
  std::unique_ptr<EventSink> for_events();

  FollowHooks hooks();

  // The calls of this process will not be seen.
  void unseen(uint32_t pid);

  // Says what the trace lacks.
  void miss(const std::string& what);
  // How many calls could not be recorded, at the end.
  void calls_lost(uint64_t count);
  // The trace has ended: says how many calls a failed output lacks, if one has failed.
  void tell_unwritten();

 private:
  // Passes events on to what prints, and counts the calls that may not have come out of it.
  class Counted : public EventSink {
   public:
    explicit Counted(EventSink& sink) : sink_(sink) {}

    void event(const Event& event) override {
      sink_.event(event);
      if (std::holds_alternative<CallEvent>(event.what)) ++calls_;
    }
    void running(const Event& event) override { sink_.running(event); }
    void idle() override { sink_.idle(); }
    void finish() override { sink_.finish(); }

    void written() { calls_ = 0; }
    uint64_t calls() const { return calls_; }

   private:
    EventSink& sink_;
    uint64_t calls_ = 0;  // since the last time that all was written
  };

  void flush();
  void write_unseen_socket(const Event& event);
  void file_failed(const Error& error);
  void untraceable(uint32_t pid, const std::string& why, Sight sight);
  void damaged(const std::string& what);
  void interrupted(size_t processes);

  const Warn& warn_;
  const Warn& missed_;
  std::unique_ptr<Printing> printing_;
  std::optional<Counted> counted_;  // where there is printing
  uint64_t unwritten_to_file_ = 0;
  std::optional<TraceWriter> file_;
  bool callers_ = false;  // finding out who called costs time, and text doesn't tell it
  bool told_failure_ = false;
  std::optional<UnseenSockets> unseen_sockets_;  // where they are looked for
  const Warn& missed_packets_;
  bool told_unseen_ = false;
  bool has_file_failed_ = false;
};

}  // namespace wireseam
