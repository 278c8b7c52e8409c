// SPDX-License-Identifier: Apache-2.0
// What a line begins with: its thread and its time, as the options want them.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "tracer/trace/text_options.h"

namespace wireseam {

class LineStart {
 public:
  // `options` must live as long as this.
  explicit LineStart(const TextOptions& options) : options_(options) {}

  // `syscall` is the number of the call that the line tells of, negative where there is none.
  void write(std::string& out, uint32_t tid, uint64_t time_ns, int syscall);

  // "<0.000123>"
  void write_duration(std::string& out, uint64_t duration_ns) const;

  // [pid N] stands in lines while more than one thread is known to live.
  void thread_seen(uint32_t pid, uint32_t tid);
  void process_ended(uint32_t pid);

 private:
  void write_thread(std::string& out, uint32_t tid) const;
  void write_time(std::string& out, uint64_t time_ns);
  void write_relative(std::string& out, uint64_t time_ns);
  void write_syscall(std::string& out, int syscall) const;
  const std::string& clock_text(uint64_t second);

  const TextOptions& options_;
  std::unordered_map<uint32_t, uint32_t> threads_;  // pid by tid
  uint32_t last_thread_ = 0;
  uint64_t clock_second_ = ~uint64_t{0};
  std::string clock_text_;
  uint64_t last_line_ns_ = 0;
};

}  // namespace wireseam
