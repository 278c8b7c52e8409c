// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_threads.h"

#include <algorithm>
#include <utility>

namespace wireseam {

Offspring offspring_of(std::string_view name, std::string_view text) {
  const auto has = [text](std::string_view flag) { return text.find(flag) != text.npos; };
  if (name == "fork") return Offspring::Fork;
  if (name == "vfork") return Offspring::Vfork;
  if (name != "clone" && name != "clone3") return Offspring::None;
  if (has("CLONE_THREAD")) return Offspring::Thread;
  return has("CLONE_VFORK") ? Offspring::Vfork : Offspring::Fork;
}

std::string program_name(std::string_view path) {
  constexpr size_t kMaxName = 15;  // TASK_COMM_LEN without its NUL
  return std::string(path.substr(path.rfind('/') + 1).substr(0, kMaxName));
}

LogThreads::Found LogThreads::find(std::optional<uint32_t> tid) {
  if (tid)
    if (const auto known = threads_.find(*tid); known != threads_.end())
      return {&known->second, std::nullopt};
  if (LogThread* made_by = tid ? maker() : nullptr)
    return made(*made_by, *tid, std::exchange(made_by->making, Offspring::None));
  if (LogThread* thread = nameless(tid)) return {thread, std::nullopt};
  return add_process(tid.value_or(0), nullptr, Offspring::None);
}

// strace names no thread as long as there is one alone.
LogThread* LogThreads::nameless(std::optional<uint32_t> tid) {
  const auto unnamed = threads_.find(0);
  if (!tid && threads_.size() == 1) return &threads_.begin()->second;
  if (unnamed == threads_.end()) return nullptr;
  if (!tid) return &unnamed->second;
  auto node = threads_.extract(unnamed);
  node.key() = *tid;
  node.mapped().tid = *tid;
  return &threads_.insert(std::move(node)).position->second;
}

// A thread in the middle of making another.
LogThread* LogThreads::maker() {
  const auto found = std::ranges::find_if(
      threads_, [](const auto& entry) { return entry.second.making != Offspring::None; });
  return found != threads_.end() ? &found->second : nullptr;
}

LogThreads::Found LogThreads::made(const LogThread& parent, uint32_t tid, Offspring offspring) {
  if (const auto known = threads_.find(tid); known != threads_.end())
    return {&known->second, std::nullopt};
  if (offspring != Offspring::Thread) return add_process(tid, &parent, offspring);
  LogThread& thread = add(tid);
  thread.pid = parent.pid;
  thread.process = parent.process;
  thread.program = parent.program;
  return {&thread, std::nullopt};
}

LogThreads::Found LogThreads::add_process(uint32_t tid, const LogThread* parent,
                                          Offspring offspring) {
  LogThread& thread = add(tid);
  thread.pid = tid;
  thread.process = ++processes_;
  ProcessBeginEvent begin;
  if (parent == nullptr) return {&thread, begin};
  thread.program = parent->program;
  begin.cause = offspring == Offspring::Vfork ? ProcessCause::Vfork : ProcessCause::Fork;
  begin.parent = parent->pid;
  begin.name = thread.program;
  return {&thread, begin};
}

LogThread& LogThreads::add(uint32_t tid) {
  LogThread& thread = threads_[tid];
  thread.tid = tid;
  return thread;
}

ProcessBeginEvent LogThreads::executes(LogThread& thread, std::string_view path) {
  thread.program = program_name(path);
  thread.process = ++processes_;
  return {.cause = ProcessCause::Exec, .parent = 0, .user = 0, .name = thread.program};
}

void LogThreads::end(const LogThread& thread) { threads_.erase(thread.tid); }

}  // namespace wireseam
