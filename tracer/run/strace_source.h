// SPDX-License-Identifier: Apache-2.0
// Reads what strace prints while it prints it. strace opens a FIFO by its name, so that the program
// inherits no descriptor of it; when nobody reads fast enough strace waits, and nothing is lost.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tracer/collect/trace_source.h"
#include "tracer/compare/log_file.h"

namespace wireseam {

class StraceSource : public TraceSource {
 public:
  struct Takers {
    std::function<void(std::string_view line)> line;
    std::function<void()> idle;  // there is nothing more just now
    std::function<void()> end;
  };

  // Makes the FIFO. Throws Error.
  StraceSource();
  ~StraceSource() override;
  StraceSource(const StraceSource&) = delete;
  StraceSource& operator=(const StraceSource&) = delete;

  // Where strace is to print to (-o).
  const std::string& path() const { return path_; }

  // Whom the lines are for; to be told before they come.
  void set_takers(Takers takers) { takers_ = std::move(takers); }

  // Whether strace has printed anything.
  bool has_begun() const { return begun_; }

  size_t drain() override;
  void wait(uint64_t timeout_ns) override;
  void child_ended(uint32_t /*pid*/, int32_t /*status*/) override {}
  // strace ends with the last process that it traces.
  size_t running_processes() override { return begun_ && !ended_ ? 1 : 0; }
  void finish() override;

 private:
  bool is_readable() const;
  void begin();
  void remove_path();

  std::string folder_;
  std::string path_;
  std::optional<LogFile> file_;
  Takers takers_;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace wireseam
