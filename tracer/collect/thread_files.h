// SPDX-License-Identifier: Apache-2.0
// A file of its own for each thread (strace's -ff). Files are opened only to be written, so that
// their number is not that of the descriptors which a process may have.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "tracer/collect/trace_printer.h"
#include "tracer/trace/filter.h"
#include "tracer/trace/text_printer.h"

namespace wireseam {

class ThreadFiles : public Printing {
 public:
  // The files are PREFIX.TID. What each printer is told is what its thread did, and nothing else.
  ThreadFiles(std::string prefix, FileStart start, const TextOptions& options,
              const Filter& filter);

  void event(const Event& event) override;
  void running(const Event& event) override;
  void idle() override;
  void finish() override;
  void flush() override;
  std::optional<Error> failure() const override { return failure_; }

 private:
  struct Thread {
    Thread(const TextOptions& options, const Filter& filter) : printer(options, filter) {}

    TextPrinter printer;
    uint32_t pid = 0;
    bool has_begun = false;  // its file was written before
  };
  using Threads = std::map<uint32_t, Thread>;  // by tid

  Thread& thread_of(const Event& event);
  void write(uint32_t tid, Thread& thread);
  void end_process(uint32_t pid);

  std::string prefix_;
  FileStart start_;
  TextOptions options_;
  Filter filter_;
  Threads threads_;
  std::optional<Error> failure_;
};

}  // namespace wireseam
