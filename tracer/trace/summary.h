// SPDX-License-Identifier: Apache-2.0
// What a whole trace amounts to: a table by call and a table by connection. Its memory is bounded
// however long the trace. Times are what the program waited (wall clock).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/trace/connection_summary.h"
#include "tracer/trace/event.h"
#include "tracer/trace/log_histogram.h"
#include "tracer/trace/socket_table.h"
#include "tracer/trace/text_options.h"

namespace wireseam {

enum class SummaryColumn : uint8_t {
  Total,
  Mean,
  Median,
  P99,
  Max,
  Calls,
  Errors,
  Bytes,
  Name,
  None,  // in the order of their first call
};

// By the names that strace's -S knows and those of the columns that it lacks; no value for others.
std::optional<SummaryColumn> summary_column(std::string_view name);

struct SummaryOptions {
  SummaryColumn sort = SummaryColumn::Total;
  View view =
      View::Libc;  // what calls are called; those without a syscall are left out of that view
};

class Summary : public EventSink {
 public:
  // Which events are counted; all of them are followed, so that sockets stay known.
  using Filter = std::function<bool(const Event& event)>;

  explicit Summary(SummaryOptions options, Filter filter = nullptr);

  void event(const Event& event) override;

  // Both tables, as text.
  std::string report() const;

  struct CallRow {
    std::string_view name;
    uint64_t errors = 0;
    uint64_t bytes = 0;
    uint64_t total_ns = 0;
    LogHistogram durations_ns;
  };

 private:
  void count(const CallEvent& call, const CallSockets& about);
  std::string call_table() const;

  SummaryOptions options_;
  Filter filter_;
  SocketTable sockets_;
  std::vector<CallRow> calls_;
  ConnectionSummary connections_;
  uint64_t unfinished_ = 0;
  uint64_t lost_ = 0;
};

}  // namespace wireseam
