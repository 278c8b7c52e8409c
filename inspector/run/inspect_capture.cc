// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/inspect_capture.h"

#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>

#include "inspector/capture/capture_file.h"
#include "inspector/capture/drop_privileges.h"
#include "inspector/capture/live_capture.h"
#include "inspector/capture/packet_writer.h"
#include "inspector/engine/inspection.h"
#include "inspector/recording/merged_packets.h"
#include "inspector/report/json.h"
#include "inspector/report/text.h"
#include "inspector/report/totals.h"
#include "inspector/run/progress_bar.h"
#include "inspector/run/stop_signals.h"

namespace wireseam {
namespace {

constexpr size_t kEnough = size_t{64} << 10;   // text that is worth a write
constexpr uint64_t kSoonNs = 20'000'000;       // after which live text is shown
constexpr uint64_t kRecentNs = 2'000'000'000;  // a packet of a pipe is live up to this age
constexpr uint64_t kProgressEvery = 4096;      // packets

uint64_t realtime_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

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

// How soon text has to be shown.
enum class Pace : uint8_t { File, Pipe, Live };

class Run {
 public:
  Run(const InspectRequest& request, const std::function<void(const std::string&)>& warn)
      : warn_(warn), framing_(request.framing) {
    open_source(request);
    for (const std::string& written : {request.keep, request.target}) keep_apart(written);
    if (!request.keep.empty()) keeper_.emplace(request.keep, source_->link_type());
    output_ = open_output(request);
    printer_ = make_printer(request, *output_);
    if (request.extent == Extent::Totals) totals_.emplace(*printer_);
    ReportSink& sink = totals_ ? static_cast<ReportSink&>(*totals_) : *printer_;
    inspection_.emplace(sink, framing_, FlowLimits{.held_bytes = request.memory});
  }

  void run();

 private:
  void open_source(const InspectRequest& request);
  void open_recording(const InspectRequest& request);
  void keep_apart(const std::string& written) const;
  void keep(const RawPacket& raw);
  void take(const RawPacket& raw);
  void idle();
  void count_drops(uint64_t now_ns);
  bool is_due(const RawPacket& raw) const;
  void show_progress();
  void flush();
  void finish();

  const std::function<void(const std::string&)>& warn_;
  FramingRules framing_;
  CaptureFile* file_ = nullptr;  // source_, where it is one
  std::unique_ptr<PacketSource> source_;
  Pace pace_ = Pace::File;
  std::optional<PacketWriter> keeper_;
  bool keeps_no_more_ = false;
  std::unique_ptr<Output> output_;
  std::unique_ptr<ReportPrinter> printer_;
  std::optional<Totals> totals_;
  std::optional<Inspection> inspection_;
  std::optional<ProgressBar> bar_;
  uint64_t packets_ = 0;
  uint64_t flushed_ns_ = 0;
};

void Run::open_source(const InspectRequest& request) {
  if (!request.interface.empty()) {
    pace_ = Pace::Live;
    source_ = std::make_unique<LiveCapture>(
        LiveOptions{.interface = request.interface, .filter = request.filter});
    return;
  }
  if (is_folder(request.file)) return open_recording(request);
  auto file = std::make_unique<CaptureFile>(request.file, request.filter);
  if (file->progress().size == 0) pace_ = Pace::Pipe;
  file_ = file.get();
  source_ = std::move(file);
}

void Run::open_recording(const InspectRequest& request) {
  const Recording recording(request.file);
  for (const std::string& line : recording.missing()) warn_(line);
  if (framing_.empty())
    for (const std::string& rule : recording.framing()) framing_.add(rule);
  auto packets = std::make_unique<MergedPackets>(recording, request.filter);
  if (!request.keep.empty() && !packets->has_one_link_type())
    throw Error("the parts of '" + request.file + "' were captured on interfaces of several kinds")
        .with_cure("each part has its own wire.pcap; mergecap makes one pcapng file of them");
  source_ = std::move(packets);
}

void Run::keep_apart(const std::string& written) const {
  if (file_ != nullptr && !written.empty() && file_->is(written))
    throw Error("cannot write to '" + written + "': it is the capture that is read");
}

void Run::run() {
  if (pace_ == Pace::Live) drop_privileges();
  const StopSignals signals(*source_);
  if (pace_ == Pace::Live) warn_("capturing; Ctrl-C ends it");
  if (file_ != nullptr && pace_ == Pace::File && !output_->is_terminal()) bar_.emplace();
  while (!source_->ended() && !output_->failure()) {
    if (const RawPacket* raw = source_->next())
      take(*raw);
    else
      idle();
  }
  bar_.reset();
  finish();
}

void Run::take(const RawPacket& raw) {
  if (keeper_) keep(raw);
  inspection_->packet(raw);
  if (bar_ && ++packets_ % kProgressEvery == 0) show_progress();
  if (printer_->text().size() < kEnough && !is_due(raw)) return;
  flushed_ns_ = raw.time_ns;
  if (pace_ == Pace::Live) count_drops(raw.time_ns);
  flush();
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
  switch (pace_) {
    case Pace::File:
      return false;
    case Pace::Pipe:
      // Nobody tells when the next packet of a pipe comes.
      return !printer_->text().empty() && raw.time_ns + kRecentNs > realtime_ns();
    case Pace::Live:
      return raw.time_ns > flushed_ns_ + kSoonNs;
  }
  return false;
}

void Run::idle() {
  if (pace_ == Pace::Live) {
    const uint64_t now_ns = realtime_ns();
    inspection_->idle(now_ns);
    count_drops(now_ns);
  }
  flush();
}

void Run::count_drops(uint64_t now_ns) {
  const CaptureDrops drops = source_->drops();
  inspection_->lost({now_ns, drops.kernel, drops.interface});
}

void Run::show_progress() {
  const CaptureFile::Progress progress = file_->progress();
  bar_->show(progress.read, progress.size);
}

void Run::flush() {
  output_->write(printer_->text());
  printer_->clear();
  output_->flush();
}

void Run::finish() {
  if (pace_ == Pace::Live) count_drops(realtime_ns());
  inspection_->finish(source_->flaw(), [this] {
    if (printer_->text().size() >= kEnough) flush();
  });
  flush();
  if (!source_->flaw().empty()) warn_(source_->flaw());
  if (const std::string flaw = printer_->flaw(); !flaw.empty()) warn_(flaw);
  if (keeps_no_more_) throw Error("the packets behind that place are not kept");
  // Who closes the pipe has seen enough.
  if (const auto& failure = output_->failure(); failure && failure->errnum() != EPIPE)
    throw Error(*failure);
}

}  // namespace

void inspect_capture(const InspectRequest& request,
                     const std::function<void(const std::string&)>& warn) {
  std::signal(SIGPIPE, SIG_IGN);
  const bool unasked = !request.format && !request.stream && request.target.empty();
  if (unasked && isatty(STDOUT_FILENO) == 1)
    warn("there is no terminal view yet: this is what --text prints");
  Run(request, warn).run();
}

}  // namespace wireseam
