// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/trace_outputs.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <utility>

#include "common/clock.h"
#include "common/private_mode.h"
#include "tracer/collect/local_interfaces.h"
#include "tracer/collect/untraceable.h"

namespace wireseam {
namespace {

Fd create_file(const std::string& path) {
  Fd file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kPrivateFile));
  if (!file) throw Error("cannot create", path, errno);
  return file;
}

// A live trace is of this host, so its interfaces are ours.
PrintOptions live_options(const TraceRequest& request) {
  PrintOptions options = request.printed;
  options.text.interfaces = local_interfaces();
  return options;
}

// Either may be missing. A file that has failed is left alone.
class EventOutputs : public EventSink {
 public:
  using FileFailed = std::function<void(const Error&)>;

  EventOutputs(EventSink* printing, TraceWriter* file, FileFailed file_failed)
      : printing_(printing), file_(file), file_failed_(std::move(file_failed)) {}

  void event(const Event& event) override {
    if (printing_ != nullptr) printing_->event(event);
    write([&] { file_->append(event); });
  }
  void running(const Event& event) override {
    if (printing_ != nullptr) printing_->running(event);
  }
  void idle() override {
    if (printing_ != nullptr) printing_->idle();
    write([this] { file_->flush(); });
  }
  void finish() override {
    if (printing_ != nullptr) printing_->finish();
    write([this] { file_->flush(); });
  }

 private:
  void write(const std::function<void()>& action) {
    if (file_ == nullptr) return;
    try {
      action();
    } catch (const Error& error) {
      file_ = nullptr;
      file_failed_(error);
    }
  }

  EventSink* printing_;
  TraceWriter* file_;
  FileFailed file_failed_;
};

}  // namespace

TraceOutputs::TraceOutputs(const TraceRequest& request, const Warn& warn)
    : warn_(warn), missed_(request.missed), missed_packets_(request.missed_packets) {
  callers_ = !request.save.empty() || request.printed.format == PrintFormat::Json;
  if (request.print) printing_ = open_printing(live_options(request), STDERR_FILENO);
  if (printing_) counted_.emplace(*printing_);
  if (!request.save.empty()) file_.emplace(create_file(request.save), request.save, realtime_ns());
  if (file_ && request.missed_packets)
    unseen_sockets_.emplace([this](const Event& event) { write_unseen_socket(event); },
                            missed_packets_);
}

CollectorOutputs TraceOutputs::for_collector() {
  return {.sink = counted_ ? &*counted_ : nullptr,
          .file = file_ ? &*file_ : nullptr,
          .file_failed = [this](const Error& error) { file_failed(error); },
          .file_lacks = [this](uint64_t calls) { unwritten_to_file_ = calls; },
          .callers = callers_,
          .untraceable = [this](uint32_t pid, const std::string& why,
                                Sight sight) { untraceable(pid, why, sight); },
          .damaged = [this](const std::string& what) { damaged(what); },
          .why_untraceable = why_untraceable};
}

std::unique_ptr<EventSink> TraceOutputs::for_events() {
  return std::make_unique<EventOutputs>(counted_ ? &*counted_ : nullptr, file_ ? &*file_ : nullptr,
                                        [this](const Error& error) { file_failed(error); });
}

FollowHooks TraceOutputs::hooks() {
  return {.drained =
              [this] {
                if (unseen_sockets_) unseen_sockets_->look_if_due();
                flush();
              },
          .interrupted = [this](size_t processes) { interrupted(processes); }};
}

void TraceOutputs::unseen(uint32_t pid) {
  if (!unseen_sockets_) return;
  unseen_sockets_->watch(pid);
  if (!std::exchange(told_unseen_, true))
    missed_packets_(
        "of programs whose calls are not seen the sockets are looked up in /proc every 5 to 20 ms; "
        "packets of sockets that live no longer may be missing");
}

// Where the file can't be written the collector meets the same, and says so.
void TraceOutputs::write_unseen_socket(const Event& event) {
  if (has_file_failed_) return;
  try {
    file_->append(event);
  } catch (const Error&) {
    has_file_failed_ = true;
  }
}

void TraceOutputs::miss(const std::string& what) {
  warn_(what);
  if (missed_) missed_(what);
}

void TraceOutputs::calls_lost(uint64_t count) {
  if (count == 0) return;
  miss(std::to_string(count) +
       " calls were lost, since the tracer could not keep up with the program, or had to keep out "
       "of it: the trace lacks them");
}

void TraceOutputs::flush() {
  if (!printing_ || told_failure_) return;
  printing_->flush();
  const auto failure = printing_->failure();
  if (!failure) return counted_->written();
  told_failure_ = true;
  warn_(failure->what() + std::string("; the program goes on, unseen"));
}

void TraceOutputs::tell_unwritten() {
  const auto told = [](uint64_t calls) {
    return std::to_string(calls) + (calls == 1 ? " call was" : " calls were") + " not written to ";
  };
  if (told_failure_ && counted_->calls() > 0)
    warn_(told(counted_->calls()) + "the output that failed");
  if (unwritten_to_file_ > 0) miss(told(unwritten_to_file_) + "the trace file");
}

void TraceOutputs::file_failed(const Error& error) {
  has_file_failed_ = true;
  miss(error.what() + std::string("; the program goes on, and the trace file ends here"));
}

void TraceOutputs::untraceable(uint32_t pid, const std::string& why, Sight sight) {
  flush();
  if (sight == Sight::None) unseen(pid);
  miss("process " + std::to_string(pid) + ": " + why);
}

void TraceOutputs::damaged(const std::string& what) {
  flush();
  miss("the traced program damaged the trace: " + what +
       "; from here on it may lack calls, or have some that were made up");
}

void TraceOutputs::interrupted(size_t processes) {
  warn_("the program has ended, and so many processes of it still run: " +
        std::to_string(processes) + "; Ctrl-C once more ends the trace, not them");
}

}  // namespace wireseam
