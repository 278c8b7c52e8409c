// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/trace_printer.h"

#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string_view>
#include <utility>

#include "tracer/collect/thread_files.h"
#include "tracer/trace/json.h"
#include "tracer/trace/socket_table.h"
#include "tracer/trace/text_printer.h"

namespace wireseam {
namespace {

// One drain of the region may bring more than should be held in memory.
constexpr size_t kEnough = size_t{64} << 10;

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

std::unique_ptr<Printing> open_thread_files(const PrintOptions& options) {
  TextOptions text = options.text;
  text.color = options.color == Color::Always;
  return std::make_unique<ThreadFiles>(options.target, options.start, text, options.filter);
}

TextOptions text_options(const PrintOptions& options, const Output& output) {
  TextOptions text = options.text;
  text.color = use_color(options.color, output);
  text.show_running = output.is_terminal();
  return text;
}

// The filter for a printer that asks about each event, once. Its table of sockets is one event
// behind, as the filter wants it.
std::function<bool(const Event&)> selector(const Filter& filter) {
  return [filter, sockets = std::make_shared<SocketTable>()](const Event& event) {
    const bool selected = filter.matches(event, sockets.get());
    if (filter.needs_sockets()) sockets->apply(event);
    return selected;
  };
}

// Everything to one output, by a printer that writes into memory.
template <typename Printer>
class Lines : public Printing {
 public:
  template <typename... Arguments>
  explicit Lines(std::unique_ptr<Output> output, Arguments&&... arguments)
      : output_(std::move(output)), printer_(std::forward<Arguments>(arguments)...) {}

  void event(const Event& event) override {
    printer_.event(event);
    if (printer_.text().size() > kEnough) flush();
  }
  void running(const Event& event) override { printer_.running(event); }
  void idle() override { printer_.idle(); }
  void finish() override { printer_.finish(); }

  void flush() override {
    output_->write(printer_.text());
    printer_.clear();
    output_->flush();
  }
  std::optional<Error> failure() const override { return output_->failure(); }

 private:
  std::unique_ptr<Output> output_;
  Printer printer_;
};

}  // namespace

std::unique_ptr<Printing> open_printing(const PrintOptions& options, int standard) {
  if (options.files == Files::OnePerThread) return open_thread_files(options);
  auto output = open_output(options, standard);
  if (options.format == PrintFormat::Json)
    return std::make_unique<Lines<JsonPrinter>>(std::move(output), selector(options.filter));
  const TextOptions text = text_options(options, *output);
  return std::make_unique<Lines<TextPrinter>>(std::move(output), text, options.filter);
}

}  // namespace wireseam
