// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/interleaver.h"

#include <algorithm>
#include <limits>

namespace wireseam {
namespace {

constexpr uint64_t kForever = std::numeric_limits<uint64_t>::max();
constexpr int kNoSyscall = -1;

}  // namespace

// Only calls that have not ended are looked for: a serial may come again.
Interleaver::Call* Interleaver::find(Calls& calls, CallKey key) {
  const auto found = std::ranges::find_if(
      calls, [key](const Call& call) { return call.key == key && !call.ended; });
  return found != calls.end() ? &*found : nullptr;
}

Interleaver::Call& Interleaver::append(Calls& calls, const BegunCall& begun) {
  if (unused_.empty()) unused_.emplace_back();
  calls.splice(calls.end(), unused_, unused_.begin());
  Call& call = calls.back();
  call.key = begun.key;
  call.begin_ns = begun.begin_ns;
  call.syscall = begun.syscall;
  call.arguments = begun.arguments;
  call.name = begun.name;
  call.entry = begun.entry;
  call.ended = false;
  return call;
}

void Interleaver::set_end(Call& call, const EndedCall& ended) {
  call.ended = true;
  call.end_ns = ended.end_ns;
  call.exit = ended.exit;
  call.result = ended.result;
}

void Interleaver::announce(const BegunCall& call) {
  if (find(announced_, call.key) == nullptr && find(shown_, call.key) == nullptr)
    append(announced_, call);
}

std::optional<size_t> Interleaver::arguments_shown(CallKey key) {
  const Call* call = find(shown_, key);
  return call != nullptr ? std::optional(call->arguments) : std::nullopt;
}

void Interleaver::end(CallKey key, const EndedCall& ended) {
  if (Call* call = find(shown_, key)) set_end(*call, ended);
}

void Interleaver::add(const BegunCall& begun, const EndedCall& ended) {
  // What is known of it now is more than when it was announced.
  if (Call* announced = find(announced_, begun.key)) {
    announced->entry = begun.entry;
    set_end(*announced, ended);
  } else {
    set_end(append(announced_, begun), ended);
  }
  show_announced();
}

void Interleaver::add_note(uint32_t tid, uint64_t time_ns, std::string_view note) {
  show_announced();
  advance(time_ns);
  begin_line(tid, time_ns, kNoSyscall);
  lines_.text() += note;
  lines_.end();
}

void Interleaver::show_announced() { show_announced_before(kForever); }

void Interleaver::show_announced_before(uint64_t time_ns) {
  while (!announced_.empty() && announced_.front().begin_ns < time_ns) show(announced_.begin());
}

void Interleaver::show(Calls::iterator announced) {
  advance(announced->begin_ns);
  shown_.splice(shown_.end(), announced_, announced);
  begin_line(announced->key.tid, announced->begin_ns, announced->syscall);
  lines_.text() += announced->entry;
  open_ = &*announced;
}

// Shows the ends of all calls that had ended by then.
void Interleaver::advance(uint64_t time_ns) {
  for (auto call = first_to_end(); call != shown_.end() && call->end_ns <= time_ns;
       call = first_to_end())
    show_end(call);
}

Interleaver::Calls::iterator Interleaver::first_to_end() {
  auto first = shown_.end();
  for (auto call = shown_.begin(); call != shown_.end(); ++call)
    if (call->ended && (first == shown_.end() || call->end_ns < first->end_ns)) first = call;
  return first;
}

void Interleaver::show_end(Calls::iterator call) {
  if (open_ != &*call) {
    begin_line(call->key.tid, call->end_ns, call->syscall);
    lines_.text() += "<... ";
    lines_.text() += call->name;
    lines_.text() += " resumed>";
  }
  std::string& text = lines_.text();
  text += call->exit;
  text += ' ';
  const size_t width = lines_.width();
  if (width < options_.result_column) text.append(options_.result_column - width, ' ');
  text += call->result;
  lines_.end();
  open_ = nullptr;
  unused_.splice(unused_.begin(), shown_, call);
}

void Interleaver::begin_line(uint32_t tid, uint64_t time_ns, int syscall) {
  cut_line();
  lines_.begin();
  line_start_.write(lines_.text(), tid, time_ns, syscall);
}

void Interleaver::cut_line() {
  if (!lines_.open()) return;
  lines_.text() += " <unfinished ...>";
  lines_.end();
  open_ = nullptr;
}

void Interleaver::flush() {
  for (auto call = first_to_end(); call != shown_.end(); call = first_to_end()) {
    show_announced_before(call->end_ns);
    // Showing others may have shown this end, too.
    advance(kForever);
  }
}

void Interleaver::finish() {
  show_announced();
  flush();
  cut_line();
}

}  // namespace wireseam
