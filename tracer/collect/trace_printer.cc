// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/trace_printer.h"

#include <unistd.h>

#include <functional>
#include <utility>

#include "tracer/collect/thread_files.h"
#include "tracer/trace/json.h"
#include "tracer/trace/socket_table.h"
#include "tracer/trace/text_printer.h"

namespace wireseam {
namespace {

// One drain of the region may bring more than should be held in memory.
constexpr size_t kEnough = size_t{64} << 10;

// A call that waits longer than this may be where a program hangs.
constexpr uint64_t kLongWaitNs = 1'000'000'000;

std::unique_ptr<Output> open_output(const PrintOptions& options, int standard) {
  if (!options.target.empty()) return std::make_unique<Output>(options.target, options.start);
  return std::make_unique<Output>(standard, standard == STDERR_FILENO ? "stderr" : "stdout");
}

std::unique_ptr<Printing> open_thread_files(const PrintOptions& options) {
  TextOptions text = options.text;
  text.color = options.color == Color::Always;
  text.show_running_after_ns = kLongWaitNs;
  return std::make_unique<ThreadFiles>(options.target, options.start, text, options.filter);
}

TextOptions text_options(const PrintOptions& options, const Output& output) {
  TextOptions text = options.text;
  text.color = use_color(options.color, output);
  text.show_running_after_ns = output.is_terminal() ? 0 : kLongWaitNs;
  return text;
}

using Selector = std::function<bool(const Event&)>;

// The filter for who asks about each event, once. Its table of sockets is one event
// behind, as the filter wants it.
Selector selector(const Filter& filter) {
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
  explicit Lines(std::shared_ptr<Output> output, Arguments&&... arguments)
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
  std::shared_ptr<Output> output_;
  Printer printer_;
};

// The tables at the end, behind what `events` prints, if anything does.
class Summarized : public Printing {
 public:
  Summarized(std::shared_ptr<Output> output, std::unique_ptr<Printing> events,
             const PrintOptions& options)
      : output_(std::move(output)),
        events_(std::move(events)),
        select_(selector(options.filter)),
        summary_({.sort = options.sort, .view = options.text.view},
                 [this](const Event&) { return selected_; }) {}

  void event(const Event& event) override {
    selected_ = select_(event);
    summary_.event(event);
    if (events_) events_->event(event);
  }
  void running(const Event& event) override {
    if (events_) events_->running(event);
  }
  void idle() override {
    if (events_) events_->idle();
  }
  void finish() override {
    if (events_) events_->finish();
    if (events_) events_->flush();
    output_->write(summary_.report());
  }
  void flush() override {
    if (events_) events_->flush();
    output_->flush();
  }
  std::optional<Error> failure() const override { return output_->failure(); }

 private:
  std::shared_ptr<Output> output_;
  std::unique_ptr<Printing> events_;
  Selector select_;
  bool selected_ = false;
  Summary summary_;
};

std::unique_ptr<Printing> print_events(const PrintOptions& options,
                                       const std::shared_ptr<Output>& output) {
  if (options.format == PrintFormat::Json)
    return std::make_unique<Lines<JsonPrinter>>(output, selector(options.filter));
  const TextOptions text = text_options(options, *output);
  return std::make_unique<Lines<TextPrinter>>(output, text, options.filter);
}

}  // namespace

std::unique_ptr<Printing> open_printing(const PrintOptions& options, int standard) {
  if (options.files == Files::OnePerThread) return open_thread_files(options);
  const std::shared_ptr<Output> output = open_output(options, standard);
  auto events = options.tables == Tables::Only ? nullptr : print_events(options, output);
  if (options.tables == Tables::None) return events;
  return std::make_unique<Summarized>(output, std::move(events), options);
}

}  // namespace wireseam
