// SPDX-License-Identifier: Apache-2.0
// Prints a trace as its user wants it, live or from a file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/error.h"
#include "common/output/output.h"
#include "tracer/trace/event.h"
#include "tracer/trace/filter.h"
#include "tracer/trace/summary.h"
#include "tracer/trace/text_options.h"

namespace wireseam {

enum class PrintFormat : uint8_t { Text, Json };

enum class Tables : uint8_t {
  None,
  Only,    // -c: instead of the events
  Behind,  // -C
};

enum class Files : uint8_t { One, OnePerThread };

struct PrintOptions {
  PrintFormat format = PrintFormat::Text;
  Filter filter;
  TextOptions text;
  Tables tables = Tables::None;
  SummaryColumn sort = SummaryColumn::Total;
  Color color = Color::Auto;
  std::string target;  // as Output has it; empty: a standard descriptor
  FileStart start = FileStart::Truncate;
  Files files = Files::One;  // per thread: TARGET.TID each (strace's -ff), text only
};

// Turns events into text that is brought to where it belongs.
class Printing : public EventSink {
 public:
  // Brings what was printed to the output.
  virtual void flush() = 0;

  // Why something is not printed any more.
  virtual std::optional<Error> failure() const = 0;
};

// What the options ask for. `standard` is where it goes if they name no target: STDERR_FILENO or
// STDOUT_FILENO. Throws Error when the output can't be opened.
std::unique_ptr<Printing> open_printing(const PrintOptions& options, int standard);

}  // namespace wireseam
