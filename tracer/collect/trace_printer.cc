// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/trace_printer.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace wireseam {
namespace {

std::unique_ptr<Output> open_output(const PrintOptions& options, int standard) {
  if (!options.target.empty()) return std::make_unique<Output>(options.target, options.start);
  return std::make_unique<Output>(standard, standard == STDERR_FILENO ? "stderr" : "stdout");
}

// https://no-color.org: any value but an empty one.
bool terminal_has_color() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (no_color == nullptr || *no_color == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

bool use_color(Color color, const Output& output) {
  switch (color) {
    case Color::Always:
      return true;
    case Color::Never:
      return false;
    case Color::Auto:
      return output.is_terminal() && terminal_has_color();
  }
  return false;
}

TextOptions text_options(const PrintOptions& options, const Output& output) {
  TextOptions text = options.text;
  text.color = use_color(options.color, output);
  text.show_running = output.is_terminal();
  return text;
}

}  // namespace

TracePrinter::TracePrinter(const PrintOptions& options, int standard)
    : output_(open_output(options, standard)),
      printer_(std::make_unique<TextPrinter>(text_options(options, *output_))) {}

void TracePrinter::flush() {
  output_->write(printer_->text());
  printer_->clear();
  output_->flush();
}

}  // namespace wireseam
