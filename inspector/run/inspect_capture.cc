// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/inspect_capture.h"

#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>

#include "common/clock.h"
#include "inspector/capture/drop_privileges.h"
#include "inspector/capture/packet_writer.h"
#include "inspector/engine/joined_inspection.h"
#include "inspector/report/json.h"
#include "inspector/report/text.h"
#include "inspector/report/totals.h"
#include "inspector/run/inspect_terminal.h"
#include "inspector/run/offered_file.h"
#include "inspector/run/opened_source.h"
#include "inspector/run/progress_bar.h"
#include "inspector/run/stop_signals.h"

namespace wireseam {
namespace {

constexpr size_t kMemory = size_t{128} << 20;
constexpr size_t kEnough = size_t{64} << 10;   // text that is worth a write
constexpr uint64_t kSoonNs = 20'000'000;       // after which live text is shown
constexpr uint64_t kPatienceNs = 200'000'000;  // of people, for a call's line
constexpr uint64_t kRecentNs = 2'000'000'000;  // a packet of a pipe is live up to this age
constexpr uint64_t kProgressEvery = 4096;      // packets

std::unique_ptr<ReportPrinter> make_printer(const InspectRequest& request, const Output& output) {
  if (request.stream)
    return std::make_unique<StreamBytes>(*request.stream,
                                         output.is_terminal() ? ByteForm::Escaped : ByteForm::Raw);
  if (request.format == ReportFormat::Json) return std::make_unique<JsonReport>(request.segments);
  const bool colored = use_color(request.color, output);
  return std::make_unique<TextReport>(request.segments,
                                      Paint(colored ? Paint::Colors::Ansi : Paint::Colors::None));
}

std::unique_ptr<Output> open_output(const InspectRequest& request) {
  if (!request.target.empty()) return std::make_unique<Output>(request.target);
  return std::make_unique<Output>(STDOUT_FILENO, "stdout");
}

// `note` is told what a recording lacks.
OpenedSource open_for_screens(InspectRequest& request,
                              const std::function<void(const std::string&)>& note,
                              const std::function<void(const std::string&)>& warn) {
  return request.script.empty() ? open_source_or_file(request, note, warn)
                                : open_source(request, note);
}

// What asks for a text of some kind gets one.
bool is_for_terminal(const InspectRequest& request) {
  return !request.format && !request.stream && request.target.empty() &&
         request.segments == Segments::Hidden && request.extent == Extent::Whole &&
         isatty(STDOUT_FILENO) == 1;
}

class Run {
 public:
  Run(const InspectRequest& request, OpenedSource opened,
      const std::function<void(const std::string&)>& warn)
      : warn_(warn), opened_(std::move(opened)) {
    if (!request.keep.empty()) keeper_.emplace(request.keep, opened_.packets->link_types());
    output_ = open_output(request);
    printer_ = make_printer(request, *output_);
    if (request.extent == Extent::Totals) totals_.emplace(*printer_);
    ReportSink& sink = totals_ ? static_cast<ReportSink&>(*totals_) : *printer_;
    const FlowLimits limits = FlowLimits::of_memory(request.memory.value_or(kMemory));
    if (opened_.calls == nullptr) {
      inspection_ = &alone_.emplace(sink, opened_.framing, limits);
    } else {
      joined_.emplace(sink, opened_.framing, limits, opened_.traced);
      if (request.format != ReportFormat::Json) joined_->wait_at_most(kPatienceNs);
      inspection_ = &joined_->packets();
    }
    inspection_->relieve_by([this] { flush_if_much(); });
  }

  void run();

 private:
  void keep(const RawPacket& raw);
  void take(const RawPacket& raw);
  void idle();
  void count_drops(uint64_t now_ns);
  bool is_due(const RawPacket& raw) const;
  void take_calls(uint64_t until_ns);
  void show_progress();
  void flush_if_much();
  void flush();
  void finish();

  const std::function<void(const std::string&)>& warn_;
  OpenedSource opened_;
  std::optional<PacketWriter> keeper_;
  bool keeps_no_more_ = false;
  std::unique_ptr<Output> output_;
  std::unique_ptr<ReportPrinter> printer_;
  std::optional<Totals> totals_;
  std::optional<Inspection> alone_;
  std::optional<JoinedInspection> joined_;
  Inspection* inspection_ = nullptr;  // in one of them
  std::optional<ProgressBar> bar_;
  uint64_t packets_ = 0;
  uint64_t last_ns_ = 0;  // the last packet's time
  uint64_t flushed_ns_ = 0;
};

void Run::run() {
  if (opened_.pace == Pace::Live) drop_privileges();
  const StopSignals signals(*opened_.packets);
  if (opened_.pace == Pace::Live) warn_("capturing; Ctrl-C ends it");
  if (opened_.pace == Pace::Followed) warn_("following the recording; Ctrl-C ends it");
  if (opened_.file != nullptr && opened_.pace == Pace::File && !output_->is_terminal())
    bar_.emplace();
  while (!opened_.packets->ended() && !output_->failure()) {
    if (const RawPacket* raw = opened_.packets->next())
      take(*raw);
    else
      idle();
  }
  bar_.reset();
  finish();
}

void Run::take(const RawPacket& raw) {
  if (keeper_) keep(raw);
  last_ns_ = raw.time_ns;
  if (joined_) take_calls(raw.time_ns);
  inspection_->packet(raw);
  if (bar_ && ++packets_ % kProgressEvery == 0) show_progress();
  if (printer_->text().size() < kEnough && !is_due(raw)) return;
  flushed_ns_ = raw.time_ns;
  if (opened_.pace == Pace::Live) count_drops(raw.time_ns);
  flush();
}

// Those that took effect before a packet's time.
void Run::take_calls(uint64_t until_ns) {
  for (auto next_ns = opened_.calls->peek_time_ns(); next_ns && *next_ns < until_ns;
       next_ns = opened_.calls->peek_time_ns()) {
    opened_.calls->step(joined_->calls());
    flush_if_much();
  }
}

// Who captures live has to know at once that nothing is kept any more.
void Run::keep(const RawPacket& raw) {
  keeper_->write(raw);
  if (keeper_->failure().empty()) return;
  warn_(keeper_->failure());
  keeper_.reset();
  keeps_no_more_ = true;
}

bool Run::is_due(const RawPacket& raw) const {
  switch (opened_.pace) {
    case Pace::File:
      return false;
    case Pace::Pipe:
      // Nobody tells when the next packet of a pipe comes.
      return !printer_->text().empty() && raw.time_ns + kRecentNs > realtime_ns();
    case Pace::Live:
    case Pace::Followed:
      return raw.time_ns > flushed_ns_ + kSoonNs;
  }
  return false;
}

void Run::idle() {
  if (opened_.pace == Pace::Live) {
    const uint64_t now_ns = realtime_ns();
    inspection_->idle(now_ns);
    count_drops(now_ns);
  }
  if (opened_.pace == Pace::Followed && !opened_.packets->ended()) {
    take_calls(UINT64_MAX);
    joined_->idle(opened_.followed->horizon_ns());
  }
  flush();
}

void Run::count_drops(uint64_t now_ns) {
  const CaptureDrops drops = opened_.packets->drops();
  inspection_->lost({now_ns, drops.kernel, drops.interface});
}

void Run::show_progress() {
  const CaptureFile::Progress progress = opened_.file->progress();
  bar_->show(progress.read, progress.size);
}

void Run::flush_if_much() {
  if (printer_->text().size() >= kEnough) flush();
}

void Run::flush() {
  output_->write(printer_->text());
  printer_->clear();
  output_->flush();
}

void Run::finish() {
  // A file tells of its drops where it likes.
  const bool is_live = opened_.pace == Pace::Live || opened_.pace == Pace::Followed;
  count_drops(is_live ? realtime_ns() : last_ns_);
  if (joined_) {
    take_calls(UINT64_MAX);
    joined_->calls().finish();
  }
  inspection_->finish(opened_.packets->flaw());
  flush();
  // A file that is cut off has been read all the same; who captures wants to know that it ended.
  const std::string& end = opened_.packets->flaw();
  if (opened_.pace != Pace::Live && !end.empty()) warn_(end);
  if (const std::string flaw = printer_->flaw(); !flaw.empty()) warn_(flaw);
  if (const std::string failure = printer_->failure(); !failure.empty()) throw Error(failure);
  if (keeps_no_more_) throw Error("the packets behind that place are not kept");
  // Who closes the pipe has seen enough.
  if (const auto& failure = output_->failure(); failure && failure->errnum() != EPIPE)
    throw Error(*failure);
  if (opened_.pace == Pace::Live && !end.empty()) throw Error(end);
}

}  // namespace

void inspect_capture(const InspectRequest& asked,
                     const std::function<void(const std::string&)>& warn) {
  std::signal(SIGPIPE, SIG_IGN);
  InspectRequest request = asked;
  const bool has_screens = !request.script.empty() || is_for_terminal(request);
  auto told = std::make_unique<std::vector<std::string>>();
  const auto tell = [&lines = *told](const std::string& line) { lines.push_back(line); };
  OpenedSource opened =
      has_screens ? open_for_screens(request, tell, warn) : open_source(request, warn);
  opened.told = std::move(told);
  for (const std::string& written : {request.keep, request.target}) opened.keep_apart(written);
  if (!request.script.empty())
    inspect_by_script(request, opened, *open_output(request));
  else if (has_screens)
    inspect_on_terminal(request, opened);
  else
    Run(request, std::move(opened), warn).run();
}

}  // namespace wireseam
