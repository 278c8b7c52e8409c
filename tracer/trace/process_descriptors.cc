// SPDX-License-Identifier: Apache-2.0
// Inheritance of descriptors.
#include "tracer/trace/process_descriptors.h"

#include <linux/close_range.h>
#include <sched.h>

#include <algorithm>

#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

// Children that never begin (killed at once, or another libc's) are forgotten after so many others.
constexpr size_t kMaxUnborn = 256;

// The pid of the child that this call made, as its parent sees it; 0 for none.
uint32_t child_of(const CallEvent& call) {
  if (call.info == nullptr || call.state != CallState::Returned || call.failed()) return 0;
  if (call.info->result == ResultKind::Pid) return static_cast<uint32_t>(call.result);
  if (call.info->result != ResultKind::SpawnStatus || call.result != 0) return 0;
  const auto pid = call.blobs.find(0);
  return pid ? read_at<uint32_t>(pid->bytes).value_or(0) : 0;
}

// A program that starts under a pid not seen before was made inside libc (system(3), popen(3)).
bool is_new_program(ProcessCause cause) {
  return cause == ProcessCause::Exec || cause == ProcessCause::Start;
}

// Whether the call gives its thread descriptors of its own, where others share them.
bool parts(const CallEvent& call) {
  if (call.state != CallState::Returned || call.failed()) return false;
  const auto has = [&](size_t i, uint64_t flag) { return (call.arguments[i] & flag) != 0; };
  if (call.number == CallNumber::unshare) return has(0, CLONE_FILES);
  return call.number == CallNumber::close_range && has(2, CLOSE_RANGE_UNSHARE);
}

bool shares_descriptors(const CallEvent& call) {
  return call.number == CallNumber::clone && (call.arguments[0] & CLONE_FILES) != 0;
}

}  // namespace

const ProcessDescriptors::Table& ProcessDescriptors::Process::of(uint32_t tid) const {
  if (own.empty()) return common;
  const auto found = own.find(tid);
  return found != own.end() ? found->second : common;
}

ProcessDescriptors::Process& ProcessDescriptors::process_of(const Event& event) {
  const auto known = processes_.find(event.process);
  if (known != processes_.end()) return known->second;
  if (event.process <= newest_) return ended_;
  newest_ = event.process;
  Process& process = processes_[event.process];
  process.common = std::make_shared<Descriptors>();
  return process;
}

Descriptors& ProcessDescriptors::of(const Event& event) {
  Process& process = process_of(event);
  if (process.first_tid == 0) process.first_tid = event.tid;
  process.has_threads = process.has_threads || event.tid != process.first_tid;
  return *process.of(event.tid);
}

const Descriptors* ProcessDescriptors::find(uint32_t process, uint32_t tid) const {
  const auto known = processes_.find(process);
  return known != processes_.end() ? known->second.of(tid).get() : nullptr;
}

// A thread that was alone has been the only one who held the table, so it stays the process's.
void ProcessDescriptors::parted(const Event& event, const CallEvent& call) {
  if (!parts(call)) return;
  const Descriptors& shared = of(event);
  Process& process = process_of(event);
  if (process.has_threads) process.own[event.tid] = std::make_shared<Descriptors>(shared);
}

void ProcessDescriptors::begin(const Event& event, const ProcessBeginEvent& begin) {
  Table table = inherited(event.pid, begin);
  if (is_new_program(begin.cause)) {
    table = std::make_shared<Descriptors>(*table);
    table->exec();
  }
  const auto old = index_of_pid_.find(event.pid);
  if (old != index_of_pid_.end()) processes_.erase(old->second);
  index_of_pid_[event.pid] = event.process;
  Process& process = processes_[event.process] = Process{std::move(table), {}};
  process.begin_ns = event.time_ns;
  newest_ = std::max(newest_, event.process);
}

void ProcessDescriptors::end(const Event& event) {
  const auto ended = processes_.find(event.process);
  if (ended != processes_.end()) {
    gone_.emplace_back(event.pid, ended->second.begin_ns);
    if (gone_.size() > kMaxUnborn) gone_.pop_front();
    processes_.erase(ended);
  }
  const auto known = index_of_pid_.find(event.pid);
  if (known != index_of_pid_.end() && known->second == event.process) index_of_pid_.erase(known);
}

void ProcessDescriptors::forked(const Event& event, const CallEvent& call) {
  const uint32_t child = child_of(call);
  if (child == 0) return;
  const auto parent = processes_.find(event.process);
  if (parent == processes_.end()) return;
  if (std::ranges::any_of(gone_, [&](const auto& gone) {
        return gone.first == child && gone.second >= event.time_ns;
      }))
    return;
  const Table& table = parent->second.of(event.tid);
  const auto begun = index_of_pid_.find(child);
  if (begun == index_of_pid_.end())
    unborn_.emplace_back(child,
                         shares_descriptors(call) ? table : std::make_shared<Descriptors>(*table));
  else if (shares_descriptors(call))
    processes_[begun->second].common = table;
  if (unborn_.size() > kMaxUnborn) unborn_.pop_front();
}

// That of its main thread.
ProcessDescriptors::Table ProcessDescriptors::of_pid(uint32_t pid) const {
  const auto index = index_of_pid_.find(pid);
  if (index == index_of_pid_.end()) return nullptr;
  const auto process = processes_.find(index->second);
  return process != processes_.end() ? process->second.of(pid) : nullptr;
}

ProcessDescriptors::Table ProcessDescriptors::inherited(uint32_t pid,
                                                        const ProcessBeginEvent& begin) {
  Table unborn = take_unborn(pid);
  Table before = is_new_program(begin.cause) ? of_pid(pid) : nullptr;
  if (before != nullptr) return before;
  if (unborn != nullptr) return unborn;
  before = of_pid(begin.parent);
  return before != nullptr ? std::make_shared<Descriptors>(*before)
                           : std::make_shared<Descriptors>();
}

ProcessDescriptors::Table ProcessDescriptors::take_unborn(uint32_t pid) {
  const auto found = std::find_if(unborn_.begin(), unborn_.end(),
                                  [pid](const auto& each) { return each.first == pid; });
  if (found == unborn_.end()) return nullptr;
  Table table = std::move(found->second);
  unborn_.erase(found);
  return table;
}

}  // namespace wireseam
