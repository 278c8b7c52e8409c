// SPDX-License-Identifier: Apache-2.0
#include "record/record_program.h"

#include <sys/utsname.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "common/error.h"
#include "inspector/recording/recording.h"
#include "record/capture_process.h"

namespace wireseam {
namespace {

// Frames are cut from packets, or else from what the calls moved.
constexpr uint32_t kPayloadBesidePackets = 32;

std::string host_name() {
  utsname names{};
  return uname(&names) == 0 ? names.nodename : "";
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

std::string drops_text(uint64_t drops) {
  return std::to_string(drops) +
         " were dropped, the program's or others'; a filter (-f) leaves fewer to be captured";
}

class Recorder {
 public:
  Recorder(const RecordRequest& request, const Warn& warn)
      : request_(request), warn_(warn), recording_(request.folder, request.place) {}

  int32_t run();

 private:
  void begin();
  void start_capture();
  void miss_packets(const std::string& why);
  void miss_calls(const std::string& what);
  int32_t trace();
  void finish_capture();
  void end(int32_t wait_status);

  const RecordRequest& request_;
  const Warn& warn_;
  NewRecording recording_;
  RecordingMeta meta_;
  std::optional<CaptureProcess> capture_;
  size_t missed_calls_ = 0;
};

int32_t Recorder::run() {
  int32_t status = 0;
  try {
    begin();
    status = trace();
  } catch (...) {
    capture_.reset();
    recording_.discard();
    throw;
  }
  finish_capture();
  end(status);
  return status;
}

void Recorder::begin() {
  meta_.wireseam = WIRESEAM_VERSION;
  meta_.command = request_.command;
  meta_.host = host_name();
  meta_.boot_id = boot_id();
  meta_.started = read_clocks();
  meta_.framing = request_.framing;
  if (request_.place == RecordingPlace::Joined) {
    const auto first = read_meta(request_.folder + "/" + kMetaFile);
    if (const std::string foreign = other_clock(first, meta_); !foreign.empty())
      warn_(recording_.folder() + ": " + foreign);
  }
  if (request_.packets == RecordedPackets::OfProgram)
    start_capture();
  else
    meta_.missing.emplace_back("packets: nobody wanted them (--calls-only)");
  meta_.payload_limit =
      request_.payload_limit.value_or(meta_.capture ? kPayloadBesidePackets : kWholePayload);
  recording_.begin(meta_);
}

void Recorder::start_capture() {
  try {
    capture_.emplace(CaptureJob{recording_.folder(), request_.interface, request_.filter});
    meta_.capture =
        CaptureMeta{.interface = request_.interface, .filter = request_.filter, .drops = {}};
    meta_.capture->sieved = true;  // from the first packet on
  } catch (const NoCaptureRight& error) {
    miss_packets(error.what() + std::string("; the calls are recorded alone"));
    warn_(error.cure());
  }
}

void Recorder::miss_packets(const std::string& why) {
  meta_.missing.push_back("packets: " + why);
  warn_(meta_.missing.back());
}

// There may be very many: each program that is run and can't be seen is one.
void Recorder::miss_calls(const std::string& what) {
  constexpr size_t kMost = 100;
  if (++missed_calls_ <= kMost) meta_.missing.push_back("calls: " + what);
}

int32_t Recorder::trace() {
  TraceRequest request;
  request.command = request_.command;
  request.payload_limit = meta_.payload_limit;
  request.save = recording_.file(kCallsFile);
  request.print = false;
  if (capture_) request.missed_packets = [this](const std::string& what) { miss_packets(what); };
  request.missed = [this](const std::string& what) { miss_calls(what); };
  return trace_program(request, warn_);
}

void Recorder::finish_capture() {
  if (!capture_) return;
  const CaptureReport report = capture_->finish();
  CaptureMeta& capture = *meta_.capture;
  capture.is_counted = !report.has_died;
  capture.captured = report.captured;
  capture.kept = report.kept;
  capture.drops = report.drops;
  if (report.drops.kernel > 0) miss_packets(drops_text(report.drops.kernel));
  std::istringstream flaws(report.flaws);
  for (std::string flaw; std::getline(flaws, flaw);) miss_packets(flaw);
}

// Whatever becomes of the recording, the program ended as it did.
void Recorder::end(int32_t wait_status) {
  meta_.ended = read_clocks();
  meta_.wait_status = wait_status;
  try {
    recording_.end(meta_);
  } catch (const Error& error) {
    warn_(error.what());
  }
}

}  // namespace

int32_t record_program(const RecordRequest& request, const Warn& warn) {
  // What can't be run leaves no folder behind.
  find_command(request.command, "");
  return Recorder(request, warn).run();
}

}  // namespace wireseam
