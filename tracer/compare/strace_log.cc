// SPDX-License-Identifier: Apache-2.0
// Lines become records, and the records go through the sorter that the records of a trace file go
// through: so a close that another thread's accept overtook takes effect in its place.
#include "tracer/compare/strace_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tracer/compare/log_event.h"
#include "tracer/trace/record.h"

namespace wireseam {
namespace {

constexpr std::string_view kUnfinished = "<unfinished ...>";
constexpr std::string_view kRestart = "restart_syscall";
constexpr int32_t kRestartBlock = 516;  // ERESTART_RESTARTBLOCK of linux/errno.h

bool gives_descriptors_away(std::string_view name) {
  return name == "close" || name == "close_range";
}

// The path of an execve, which has succeeded.
std::string path_of(const CallEvent& call) {
  const size_t path = call.number == CallNumber::execveat ? 1 : 0;
  const auto blob = call.blobs.find(path);
  if (!blob) return {};
  return {reinterpret_cast<const char*>(blob->bytes.data()), blob->bytes.size()};
}

bool is_exec(const CallEvent& call) {
  return call.number == CallNumber::execve || call.number == CallNumber::execveat;
}

// "child_stack=NULL, flags=SIGCHLD" of "child_stack=NULL, flags=SIGCHLD)  = 12".
std::string arguments_in(std::string_view text) {
  text = text.substr(0, text.rfind(')', text.rfind(" = ")));
  return std::string(text.substr(0, text.find_last_not_of(' ') + 1));
}

}  // namespace

StraceLog::StraceLog(EventSink& sink, Unread unread, LogCalls calls)
    : socket_calls_(sink),
      sink_(sink),
      sorter_(calls == LogCalls::All ? sink : socket_calls_),
      unread_(std::move(unread)) {}

void StraceLog::add_line(std::string_view line) { add_line_of(line, std::nullopt); }

void StraceLog::add_line_of(std::string_view text, std::optional<uint32_t> tid) {
  ++report_.lines;
  LogLine line = parse_log_line(text);
  if (!line.tid) line.tid = tid;
  take(line);
}

void StraceLog::take(const LogLine& line) {
  using enum LogLine::Kind;
  if (line.kind == Empty || line.kind == Remark) return;
  if (line.kind == Unreadable) return unread("this is no line of strace's");
  now_ = clock_.time_of(line.time);
  newest_ = std::max(newest_, now_);
  if (line.kind == Attached) {
    thread_of(line.other);
    return release();
  }
  const LogThreads::Found found = threads_.find(line.tid);
  if (begins_program(found, line)) return release();
  LogThread& thread = enter(found);
  if (line.kind == Call) call(thread, line);
  if (line.kind == Resumed) resumed(thread, line);
  if (line.kind == Superseded) cut_off(thread);
  if (line.kind == Superseded) threads_.end(thread);
  if (line.kind == Ended) ended(thread, line.status);
  release();
}

void StraceLog::finish() {
  for (auto& [tid, thread] : threads_.all()) cut_off(thread);
  sorter_.finish();
  sink_.finish();
}

LogThread& StraceLog::thread_of(std::optional<uint32_t> tid) { return enter(threads_.find(tid)); }

LogThread& StraceLog::enter(const LogThreads::Found& found) {
  if (found.begin) {
    modules_.inherit(found.thread->pid, found.begin->parent);
    add(*found.thread, now_, *found.begin);
  }
  return *found.thread;
}

// A program that strace has started begins with an execve, which was strace's.
bool StraceLog::begins_program(const LogThreads::Found& found, const LogLine& line) {
  const bool first = found.begin && found.begin->cause == ProcessCause::Start;
  if (!first || line.kind != LogLine::Kind::Call || line.name != "execve") return false;
  const LogEvent read = read_log_event(*find_call(CallNumber::execve), line.text);
  if (!read.encoding || read.encoding->failed()) return false;
  found.thread->program = program_name(path_of(read.encoding->call()));
  ProcessBeginEvent begin = *found.begin;
  begin.name = found.thread->program;
  add(*found.thread, now_, begin);
  return true;
}

// Calls -------------------------------------------------------------------------------------------

void StraceLog::call(LogThread& thread, const LogLine& line) {
  if (thread.open) cut_off(thread);
  LogThread::OpenCall call{.name = std::string(line.name),
                           .text = std::string(line.text),
                           .start_ns = now_,
                           .serial = ++thread.serial,
                           .instruction = line.instruction};
  thread.making = line.unfinished ? offspring_of(line.name, line.text) : Offspring::None;
  if (!line.unfinished) return end_call(thread, call);
  thread.open = std::move(call);
  begin_call(thread, line);
}

void StraceLog::resumed(LogThread& thread, const LogLine& line) {
  if (!thread.open || thread.open->name != line.name)
    return unread(std::string(line.name) + " is resumed, but it had not begun");
  thread.open->text += line.text;
  if (line.unfinished) return;
  LogThread::OpenCall call = std::move(*thread.open);
  thread.open.reset();
  end_call(thread, call);
  thread.making = Offspring::None;
}

void StraceLog::begin_call(LogThread& thread, const LogLine& line) {
  const CallInfo* row = row_of_syscall(line.name, line.text);
  if (row == nullptr) return;
  const std::string text = thread.open->text + std::string(kUnfinished);
  const LogEvent read = read_log_event(*row, text);
  if (!read.encoding || !read.problem.empty()) return;  // its end will tell
  CallEvent call = read.encoding->call();
  call.serial = thread.open->serial;
  const auto record = encode_record({.pid = thread.pid,
                                     .tid = thread.tid,
                                     .process = thread.process,
                                     .time_ns = now_,
                                     .what = call});
  sorter_.add_running(
      {{.size = 0, .pid = thread.pid, .tid = thread.tid, .process = thread.process}, record});
}

void StraceLog::end_call(LogThread& thread, const LogThread::OpenCall& open) {
  const LogThread::OpenCall whole = with_interrupted(thread, open);
  const Offspring offspring = offspring_of(whole.name, whole.text);
  const CallInfo* row = row_of_syscall(whole.name, whole.text);
  if (is_mapping(whole.name)) modules_.map(thread.pid, whole.text);
  // A thread is no event, but its number is read as that of a process.
  if (offspring == Offspring::Thread) row = find_call(CallNumber::fork);
  if (row == nullptr) return;
  const LogEvent read = read_log_event(*row, whole.text);
  if (!read.problem.empty()) return unread(whole.name + ": " + read.problem);
  if (!read.encoding) return;
  ++report_.calls;
  // Neither fork nor vfork has parameters: what the kernel was asked for is told in their place.
  const std::string asked = whole.name + "(" + arguments_in(whole.text) + ")";
  if (offspring != Offspring::None)
    read.encoding->add(0, BlobPart::Value, std::as_bytes(std::span(asked)));
  CallEvent call = read.encoding->call();
  call.serial = open.serial;
  call.duration_ns = read.log->duration_ns.value_or(now_ - std::min(now_, open.start_ns));
  if (offspring != Offspring::Thread) tell(thread, open, call);
  if (offspring != Offspring::None) made_offspring(thread, offspring, call.result);
  if (call.errnum == kRestartBlock) keep_interrupted(thread, whole);
}

// A call that is known whole.
void StraceLog::tell(LogThread& thread, const LogThread::OpenCall& open, CallEvent& call) {
  const uint64_t end_ns = open.start_ns + call.duration_ns;
  clock_.went_on_until(end_ns);
  newest_ = std::max(newest_, end_ns);
  const bool executed = is_exec(call) && !call.failed() && call.state == CallState::Returned;
  // It never returned to who called it.
  if (executed) call.state = CallState::CutOff;
  call.caller.address = open.instruction;
  tell_caller(thread, call);
  add(thread, open.start_ns, call);
  if (!executed) return;
  modules_.forget(thread.pid);
  add(thread, newest_, threads_.executes(thread, path_of(call)));
}

void StraceLog::tell_caller(const LogThread& thread, CallEvent& call) {
  const auto place = modules_.find_new(thread.pid, call.caller.address);
  if (!place) return;
  const std::string symbol = fmt::format("+{:#x}", place->address);
  const auto record = encode_symbol(call.caller.address, place->path, symbol);
  sorter_.add(
      {{.size = 0, .pid = thread.pid, .tid = thread.tid, .process = thread.process}, record});
}

void StraceLog::made_offspring(const LogThread& parent, Offspring offspring, int64_t child) {
  if (child > 0) enter(threads_.made(parent, static_cast<uint32_t>(child), offspring));
}

// restart_syscall(2) goes on with a call that a signal has interrupted, and has its result alone:
// restart_syscall(<... resuming interrupted poll ...>) = 1.
LogThread::OpenCall StraceLog::with_interrupted(const LogThread& thread,
                                                const LogThread::OpenCall& call) {
  static constexpr std::string_view kEnd = "...>";
  const size_t end = call.text.find(kEnd);
  if (call.name != kRestart || end == std::string::npos || thread.interrupted_name.empty())
    return call;
  LogThread::OpenCall whole = call;
  whole.name = thread.interrupted_name;
  whole.text = thread.interrupted_text + call.text.substr(end + kEnd.size());
  return whole;
}

void StraceLog::keep_interrupted(LogThread& thread, const LogThread::OpenCall& call) {
  const size_t result = call.text.rfind(" = ?");
  thread.interrupted_name = call.name;
  thread.interrupted_text = call.text.substr(0, call.text.rfind(')', result));
}

void StraceLog::cut_off(LogThread& thread) {
  if (!thread.open) return;
  const LogThread::OpenCall call = std::move(*thread.open);
  thread.open.reset();
  const CallInfo* row = row_of_syscall(call.name, call.text);
  if (row == nullptr) return;
  end_call(thread, {.name = call.name,
                    .text = call.text + std::string(kUnfinished) + ") = ?",
                    .start_ns = call.start_ns,
                    .serial = call.serial,
                    .instruction = call.instruction});
}

void StraceLog::ended(LogThread& thread, int32_t status) {
  cut_off(thread);
  const bool process_ended = thread.tid == thread.pid;
  if (process_ended) add(thread, now_, ProcessEndEvent{.status = status});
  threads_.end(thread);
}

// Passing on --------------------------------------------------------------------------------------

void StraceLog::add(const LogThread& thread, uint64_t time_ns, const decltype(Event::what)& what) {
  const auto record = encode_record({.pid = thread.pid,
                                     .tid = thread.tid,
                                     .process = thread.process,
                                     .time_ns = time_ns,
                                     .what = what});
  sorter_.add(
      {{.size = 0, .pid = thread.pid, .tid = thread.tid, .process = thread.process}, record});
}

// A close that has begun takes effect then, whatever comes in between.
void StraceLog::release() {
  uint64_t until = newest_;
  for (const auto& [tid, thread] : threads_.all())
    if (thread.open && gives_descriptors_away(thread.open->name) && thread.open->start_ns > 0)
      until = std::min(until, thread.open->start_ns - 1);
  sorter_.release_until(until);
}

void StraceLog::unread(std::string reason) {
  ++report_.unread;
  if (unread_) unread_({report_.lines, std::move(reason)});
}

}  // namespace wireseam
