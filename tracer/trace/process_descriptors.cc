// SPDX-License-Identifier: Apache-2.0
// Inheritance of descriptors.
#include "tracer/trace/process_descriptors.h"

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

}  // namespace

Descriptors& ProcessDescriptors::of(const Event& event) {
  const auto known = processes_.find(event.process);
  if (known != processes_.end()) return known->second;
  if (event.process <= newest_) return ended_;
  newest_ = event.process;
  return processes_[event.process];
}

const Descriptors* ProcessDescriptors::find(uint32_t process) const {
  const auto known = processes_.find(process);
  return known != processes_.end() ? &known->second : nullptr;
}

void ProcessDescriptors::begin(const Event& event, const ProcessBeginEvent& begin) {
  Descriptors descriptors = inherited(event.pid, begin);
  if (is_new_program(begin.cause)) descriptors.exec();
  const auto old = index_of_pid_.find(event.pid);
  if (old != index_of_pid_.end()) processes_.erase(old->second);
  index_of_pid_[event.pid] = event.process;
  processes_[event.process] = std::move(descriptors);
  newest_ = std::max(newest_, event.process);
}

void ProcessDescriptors::end(const Event& event) {
  processes_.erase(event.process);
  const auto known = index_of_pid_.find(event.pid);
  if (known != index_of_pid_.end() && known->second == event.process) index_of_pid_.erase(known);
}

void ProcessDescriptors::forked(const Event& event, const CallEvent& call) {
  const uint32_t child = child_of(call);
  if (child == 0) return;
  const auto parent = processes_.find(event.process);
  if (parent == processes_.end()) return;
  if (!index_of_pid_.contains(child)) unborn_.emplace_back(child, parent->second);
  if (unborn_.size() > kMaxUnborn) unborn_.pop_front();
}

const Descriptors* ProcessDescriptors::of_pid(uint32_t pid) const {
  const auto index = index_of_pid_.find(pid);
  return index != index_of_pid_.end() ? find(index->second) : nullptr;
}

Descriptors ProcessDescriptors::inherited(uint32_t pid, const ProcessBeginEvent& begin) {
  auto unborn = take_unborn(pid);
  const Descriptors* before = is_new_program(begin.cause) ? of_pid(pid) : nullptr;
  if (before == nullptr && unborn) return std::move(*unborn);
  if (before == nullptr) before = of_pid(begin.parent);
  return before != nullptr ? *before : Descriptors{};
}

std::optional<Descriptors> ProcessDescriptors::take_unborn(uint32_t pid) {
  const auto found = std::find_if(unborn_.begin(), unborn_.end(),
                                  [pid](const auto& each) { return each.first == pid; });
  if (found == unborn_.end()) return std::nullopt;
  std::optional<Descriptors> descriptors = std::move(found->second);
  unborn_.erase(found);
  return descriptors;
}

}  // namespace wireseam
