// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/recorded_events.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

#include "common/error.h"
#include "common/fd.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/reader.h"

namespace wireseam {

// What the parts have in common. One number for each program of each part: they rise in the order
// in which programs are met, since who follows processes takes what is lower than the newest for
// ended.
class RecordedEvents::Numbers {
 public:
  // Calls that one of the parts has lost since it last told so; returns those of all parts.
  uint64_t add_lost(uint64_t more) { return lost_ += more; }

  uint32_t of(size_t part, uint32_t process) {
    const auto [number, is_new] = numbers_.try_emplace({part, process}, newest_ + 1);
    if (is_new) ++newest_;
    return number->second;
  }

 private:
  std::map<std::pair<size_t, uint32_t>, uint32_t> numbers_;
  uint32_t newest_ = 0;
  uint64_t lost_ = 0;
};

class RecordedEvents::Part : EventSink {
 public:
  Part(const RecordingPart& part, size_t number, Numbers& numbers)
      : path_(part.file(kCallsFile)), number_(number), numbers_(numbers), sorter_(*this) {
    open_calls();
  }

  size_t number() const { return number_; }

  // There may be more in the file by now.
  void read_on() { dry_ = false; }

  std::optional<uint64_t> peek_time_ns() {
    fill();
    return sorter_.next_effect_ns();
  }

  void step(EventSink& sink) {
    sink_ = &sink;
    sorter_.release_next();
  }

  std::string flaw() const {
    const std::string damage = reader_ ? to_string(reader_->report()) : "it is empty";
    return damage.empty() ? "" : path_ + ": " + damage;
  }

 private:
  // A recorder makes the file before it knows what to write.
  void open_calls() {
    Fd file(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw Error("cannot open", path_, errno);
    struct stat status {};
    if (fstat(file.get(), &status) == 0 && status.st_size > 0)
      reader_.emplace(std::move(file), path_);
  }

  void fill() {
    if (dry_) return;
    if (!reader_) open_calls();
    while (!dry_ && !sorter_.is_settled()) {
      const auto record = reader_ ? reader_->next() : std::nullopt;
      dry_ = !record.has_value();
      if (record) reader_->count(sorter_.hold(*record));
    }
  }

  Event renumbered(const Event& event) {
    Event same = event;
    if (event.process != process_) process_number_ = numbers_.of(number_, event.process);
    process_ = event.process;
    if (event.process != 0) same.process = process_number_;
    if (auto* lost = std::get_if<LostEvent>(&same.what)) {
      const uint64_t more = lost->count - std::min(lost->count, std::exchange(lost_, lost->count));
      lost->count = numbers_.add_lost(more);
    }
    return same;
  }

  void event(const Event& event) override { sink_->event(renumbered(event)); }
  void running(const Event& event) override { sink_->running(renumbered(event)); }

  std::string path_;
  size_t number_;
  Numbers& numbers_;
  std::optional<TraceReader> reader_;  // none: the file is empty so far
  EventSorter sorter_;
  EventSink* sink_ = nullptr;
  uint32_t process_ = 0;  // of the last event
  uint32_t process_number_ = 0;
  uint64_t lost_ = 0;  // calls, as it told last
  bool dry_ = false;   // all of the file was read
};

RecordedEvents::RecordedEvents(const Recording& recording) : numbers_(std::make_unique<Numbers>()) {
  for (const RecordingPart& part : recording.parts()) join(part);
}

RecordedEvents::~RecordedEvents() = default;

void RecordedEvents::join(const RecordingPart& part) {
  parts_.push_back(std::make_unique<Part>(part, parts_.size(), *numbers_));
}

void RecordedEvents::read_on(uint64_t horizon_ns) {
  horizon_ns_ = horizon_ns;
  for (const auto& part : parts_) part->read_on();
}

RecordedEvents::Part* RecordedEvents::first_part() {
  Part* first = nullptr;
  for (const auto& part : parts_) {
    const auto time = part->peek_time_ns();
    if (time && (first == nullptr || *time < *first->peek_time_ns())) first = part.get();
  }
  return first;
}

std::optional<uint64_t> RecordedEvents::peek_time_ns() {
  Part* const first = first_part();
  const auto time = first != nullptr ? first->peek_time_ns() : std::nullopt;
  return time && *time <= horizon_ns_ ? time : std::nullopt;
}

size_t RecordedEvents::peek_part() { return first_part()->number(); }

void RecordedEvents::step(EventSink& sink) { first_part()->step(sink); }

std::vector<std::string> RecordedEvents::flaws() const {
  std::vector<std::string> flaws;
  for (const auto& part : parts_)
    if (std::string flaw = part->flaw(); !flaw.empty()) flaws.push_back(std::move(flaw));
  return flaws;
}

void replay(RecordedEvents& events, EventSink& sink) {
  while (events.peek_time_ns()) events.step(sink);
  sink.finish();
}

}  // namespace wireseam
