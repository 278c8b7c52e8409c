// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/thread_files.h"

#include <utility>

namespace wireseam {
namespace {

constexpr size_t kEnough = size_t{64} << 10;

}  // namespace

ThreadFiles::ThreadFiles(std::string prefix, FileStart start, const TextOptions& options,
                         const Filter& filter)
    : prefix_(std::move(prefix)), start_(start), options_(options), filter_(filter) {
  options_.thread_prefix = ThreadPrefix::None;
}

ThreadFiles::Thread& ThreadFiles::thread_of(const Event& event) {
  return threads_.try_emplace(event.tid, options_, filter_).first->second;
}

void ThreadFiles::event(const Event& event) {
  if (std::holds_alternative<LostEvent>(event.what)) {
    for (auto& [tid, thread] : threads_) thread.printer.event(event);
    return;
  }
  Thread& thread = thread_of(event);
  thread.printer.event(event);
  thread.pid = event.pid;
  if (thread.printer.text().size() > kEnough) write(event.tid, thread);
  if (std::holds_alternative<ProcessEndEvent>(event.what)) end_process(event.pid);
}

void ThreadFiles::end_process(uint32_t pid) {
  for (auto item = threads_.begin(); item != threads_.end();) {
    auto& [tid, thread] = *item;
    if (thread.pid != pid) {
      ++item;
      continue;
    }
    thread.printer.finish();
    write(tid, thread);
    item = threads_.erase(item);
  }
}

void ThreadFiles::running(const Event& event) { thread_of(event).printer.running(event); }

void ThreadFiles::idle() {
  for (auto& [tid, thread] : threads_) thread.printer.idle();
}

void ThreadFiles::finish() {
  for (auto& [tid, thread] : threads_) thread.printer.finish();
}

void ThreadFiles::flush() {
  for (auto& [tid, thread] : threads_) write(tid, thread);
}

void ThreadFiles::write(uint32_t tid, Thread& thread) {
  if (thread.printer.text().empty()) return;
  try {
    const FileStart start = thread.has_begun ? FileStart::Append : start_;
    Output output(prefix_ + "." + std::to_string(tid), start);
    output.write(thread.printer.text());
    output.flush();
    if (output.failure()) failure_ = output.failure();
  } catch (const Error& error) {
    failure_ = error;
  }
  thread.has_begun = true;
  thread.printer.clear();
}

}  // namespace wireseam
