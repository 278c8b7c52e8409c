// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/interleaver.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace wireseam {
namespace {

constexpr uint64_t kForever = std::numeric_limits<uint64_t>::max();
constexpr int kNoSyscall = -1;

}  // namespace

// Only calls that have not ended are looked for: a serial may come again.
Interleaver::Call* Interleaver::find(CallKey key) {
  const auto found = running_.find(key);
  return found != running_.end() ? &*found->second : nullptr;
}

Interleaver::Calls::iterator Interleaver::append(const BegunCall& begun) {
  if (unused_.empty()) unused_.emplace_back();
  announced_.splice(announced_.end(), unused_, unused_.begin());
  Call& call = announced_.back();
  call.key = begun.key;
  call.begin_ns = begun.begin_ns;
  call.syscall = begun.syscall;
  call.arguments = begun.arguments;
  call.name = begun.name;
  call.entry = begun.entry;
  call.shown = false;
  call.ended = false;
  return std::prev(announced_.end());
}

void Interleaver::set_end(Calls::iterator call, const EndedCall& ended) {
  call->ended = true;
  call->end_ns = ended.end_ns;
  call->exit = ended.exit;
  call->result = ended.result;
  if (call->shown) await_turn(call);
}

void Interleaver::await_turn(Calls::iterator ended) {
  ends_.push_back(ended);
  std::ranges::push_heap(ends_, EndsLater{});
}

void Interleaver::announce(const BegunCall& call) {
  if (find(call.key) == nullptr) running_.emplace(call.key, append(call));
}

std::optional<size_t> Interleaver::arguments_shown(CallKey key) {
  const Call* call = find(key);
  return call != nullptr && call->shown ? std::optional(call->arguments) : std::nullopt;
}

void Interleaver::end(CallKey key, const EndedCall& ended) {
  const auto found = running_.find(key);
  if (found == running_.end()) return;
  set_end(found->second, ended);
  running_.erase(found);
}

void Interleaver::add(const BegunCall& begun, const EndedCall& ended) {
  // What is known of it now is more than when it was announced.
  if (Call* announced = find(begun.key)) {
    announced->entry = begun.entry;
    end(begun.key, ended);
  } else {
    set_end(append(begun), ended);
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

void Interleaver::show_waiting_since(uint64_t time_ns) {
  if (announced_.empty() || announced_.front().begin_ns >= time_ns) return;
  show_announced_before(time_ns);
  cut_line();
}

void Interleaver::show_announced_before(uint64_t time_ns) {
  while (!announced_.empty() && announced_.front().begin_ns < time_ns) show(announced_.begin());
}

void Interleaver::show(Calls::iterator announced) {
  advance(announced->begin_ns);
  shown_.splice(shown_.end(), announced_, announced);
  announced->shown = true;
  announced->order = ++order_;
  if (announced->ended) await_turn(announced);
  begin_line(announced->key.tid, announced->begin_ns, announced->syscall);
  lines_.text() += announced->entry;
  open_ = &*announced;
}

// Shows the ends of all calls that had ended by then.
void Interleaver::advance(uint64_t time_ns) {
  while (!ends_.empty() && ends_.front()->end_ns <= time_ns) show_first_end();
}

void Interleaver::show_first_end() {
  std::ranges::pop_heap(ends_, EndsLater{});
  const auto call = ends_.back();
  ends_.pop_back();
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
  while (!ends_.empty()) {
    show_announced_before(ends_.front()->end_ns);
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
