// SPDX-License-Identifier: Apache-2.0
// Prints a trace as its user wants it, live or from a file.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/error.h"
#include "tracer/collect/output.h"
#include "tracer/trace/event.h"
#include "tracer/trace/text_options.h"
#include "tracer/trace/text_printer.h"

namespace wireseam {

enum class Color : uint8_t { Auto, Always, Never };

struct PrintOptions {
  TextOptions text;
  Color color = Color::Auto;
  std::string target;  // as Output has it; empty: the descriptor below
  FileStart start = FileStart::Truncate;
};

class TracePrinter : public EventSink {
 public:
  // Opens the output; `standard` is where to print if the options name no target: STDERR_FILENO or
  // STDOUT_FILENO. Throws Error.
  TracePrinter(const PrintOptions& options, int standard);

  void event(const Event& event) override { printer_->event(event); }
  void running(const Event& event) override { printer_->running(event); }
  void idle() override { printer_->idle(); }
  void finish() override { printer_->finish(); }

  // Brings what was printed to the output.
  void flush();

  // Why nothing is printed any more.
  const std::optional<Error>& failure() const { return output_->failure(); }

 private:
  std::unique_ptr<Output> output_;
  std::unique_ptr<TextPrinter> printer_;
};

}  // namespace wireseam
