// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/call_lines.h"

#include <cerrno>
#include <utility>
#include <variant>

namespace wireseam {
namespace {

// The screen has a column for who made a call.
TextOptions options() {
  TextOptions options;
  options.thread_prefix = ThreadPrefix::None;
  return options;
}

std::string_view name_of(const CallEvent& call) {
  return call.info != nullptr ? std::string_view(call.info->name) : "(unknown)";
}

// What only says to try again, or to wait, is daily bread.
bool is_problem(int errnum) {
  return errnum != 0 && errnum != EAGAIN && errnum != EINTR && errnum != EINPROGRESS;
}

std::string text_of(const LostEvent& lost) {
  if (lost.cause == LostCause::Damage)
    return "the traced program damaged the trace: calls may be missing or made up";
  return std::to_string(lost.count) + " calls were lost: the trace is not complete";
}

}  // namespace

CallLines::CallLines(Session& session) : session_(session), printer_(options()) {}

// Events come in the order in which they took effect, so each is a whole line at once.
std::string CallLines::line_of(const Event& event) {
  printer_.event(event);
  printer_.idle();
  std::string_view text = printer_.text();
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::string line(text);
  printer_.clear();
  return line;
}

void CallLines::event(const Event& event) {
  TracedCall record{.pid = event.pid,
                    .tid = event.tid,
                    .process = event.process,
                    .begin_ns = event.time_ns,
                    .text = line_of(event)};
  if (const auto* call = std::get_if<CallEvent>(&event.what)) {
    record.name = name_of(*call);
    record.duration_ns = call->duration_ns;
    record.problem = is_problem(call->errnum);
  }
  if (const auto* begun = std::get_if<ProcessBeginEvent>(&event.what))
    session_.program(event.process, begun->name);
  if (const auto* lost = std::get_if<LostEvent>(&event.what)) session_.message(text_of(*lost));
  if (!record.text.empty()) session_.call(std::move(record));
}

}  // namespace wireseam
