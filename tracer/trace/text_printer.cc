// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text_printer.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "common/clock.h"
#include "common/endpoint.h"
#include "tracer/trace/text/call_text.h"
#include "tracer/trace/text/writer.h"

namespace wireseam {
namespace {

std::string end_text(int32_t status) {
  if (status == kStatusUnknown) return "ended, nobody knows how";
  if (WIFEXITED(status)) return fmt::format("exited with {}", WEXITSTATUS(status));
  const auto signal = static_cast<uint64_t>(WTERMSIG(status));
  const std::string_view name = constant_name(ConstantGroup::Signal, signal);
  return fmt::format("killed by {}{}",
                     name.empty() ? fmt::format("SIGRT_{}", signal - 32) : std::string(name),
                     WCOREDUMP(status) ? " (core dumped)" : "");
}

std::string quoted_name(std::string_view name, const TextOptions& options) {
  std::string text;
  TextWriter(text, options).quoted(std::as_bytes(std::span(name)));
  return text;
}

int syscall_of(const CallEvent& call) {
  return call.info != nullptr ? call.info->syscall_number : -1;
}

}  // namespace

TextPrinter::TextPrinter(const TextOptions& options, Filter filter)
    : options_(options), filter_(std::move(filter)) {
  // What goes through a netlink socket is shown as the system call view of it.
  const bool shows_netlink = options.view == View::Syscall;
  if (options.descriptors != DescriptorDetail::Number || filter_.needs_sockets() || shows_netlink)
    sockets_.emplace();
}

bool TextPrinter::shows(const Event& event, const CallEvent& call) const {
  return CallText::shows(options_.view, call) && filter_.matches(event, sockets());
}

TextWriter TextPrinter::writer(std::string& out, const Event& event) const {
  return {out, options_, sockets(), event.process, event.tid};
}

void TextPrinter::event(const Event& event) {
  if (const auto* made = std::get_if<CallEvent>(&event.what)) return call(event, *made);
  if (sockets_) sockets_->apply(event);
  if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what))
    return process_begin(event, *begin);
  if (const auto* end = std::get_if<ProcessEndEvent>(&event.what)) return process_end(event, *end);
  if (const auto* lost = std::get_if<LostEvent>(&event.what)) return this->lost(event, *lost);
  unseen_socket(event, std::get<UnseenSocketEvent>(event.what));
}

void TextPrinter::running(const Event& event) {
  const auto* call = std::get_if<CallEvent>(&event.what);
  if (call == nullptr || call->never_returns() || filter_.needs_result() || !shows(event, *call))
    return;
  line_start_.thread_seen(event.pid, event.tid);
  entry_.clear();
  TextWriter out = writer(entry_, event);
  CallText text(out, event);
  text.write_entry();
  interleaver_.announce({.key = {event.tid, call->serial},
                         .begin_ns = event.time_ns,
                         .syscall = syscall_of(*call),
                         .name = text.name(),
                         .entry = entry_,
                         .arguments = text.known_at_entry()});
}

void TextPrinter::call(const Event& event, const CallEvent& call) {
  const bool shown = shows(event, call);
  const CallKey key{event.tid, call.serial};
  const auto written = shown ? interleaver_.arguments_shown(key) : std::nullopt;
  entry_.clear();
  TextWriter out = writer(entry_, event);
  CallText text(out, event);
  if (shown && !written) text.write_entry();
  // What the call begins with is shown as it was before it, its result as it is after it.
  if (sockets_) sockets_->apply(event);
  if (!shown) return;
  line_start_.thread_seen(event.pid, event.tid);
  write_exit(event, call, written.value_or(text.known_at_entry()));
  const EndedCall ended{.end_ns = end_of(event, call), .exit = exit_, .result = result_};
  if (written) return interleaver_.end(key, ended);
  // What exit does before the process ends, such as calling its handlers, comes before its line.
  interleaver_.add({.key = key,
                    .begin_ns = call.never_returns() ? ended.end_ns : event.time_ns,
                    .syscall = syscall_of(call),
                    .name = text.name(),
                    .entry = entry_,
                    .arguments = text.known_at_entry()},
                   ended);
}

// Nobody saw when a call was cut off: after all that is known.
uint64_t TextPrinter::end_of(const Event& event, const CallEvent& call) {
  const uint64_t end_ns = event.time_ns + call.duration_ns;
  latest_ns_ = std::max(latest_ns_, end_ns);
  return call.state == CallState::CutOff ? latest_ns_ : end_ns;
}

void TextPrinter::write_exit(const Event& event, const CallEvent& call, size_t written) {
  exit_.clear();
  TextWriter exit = writer(exit_, event);
  CallText text(exit, event);
  if (call.state == CallState::Returned) {
    text.write_exit(written);
  } else {
    // What it would have filled was never known.
    exit.text(text.complete_at_entry() ? ")" : " <unfinished ...>)");
  }
  result_.clear();
  TextWriter result = writer(result_, event);
  CallText(result, event).write_result();
  if (!options_.durations || call.state != CallState::Returned) return;
  result.text(" ");
  line_start_.write_duration(result_, call.duration_ns);
}

void TextPrinter::process_begin(const Event& event, const ProcessBeginEvent& begin) {
  line_start_.thread_seen(event.pid, event.tid);
  if (!options_.show_process_starts || options_.view == View::Syscall) return;
  const std::string name = quoted_name(begin.name, options_);
  switch (begin.cause) {
    case ProcessCause::Start:
      return;
    case ProcessCause::Fork:
    case ProcessCause::Vfork:
      return note(event, fmt::format("+++ {} begun by {} +++", name, begin.parent));
    case ProcessCause::Exec:
      return note(event, fmt::format("+++ now {} +++", name));
  }
}

void TextPrinter::process_end(const Event& event, const ProcessEndEvent& end) {
  const bool exited = end.status == kStatusUnknown || WIFEXITED(end.status);
  if (options_.show_exits || !exited) note(event, fmt::format("+++ {} +++", end_text(end.status)));
  line_start_.process_ended(event.pid);
}

void TextPrinter::lost(const Event& event, const LostEvent& lost) {
  if (lost.cause == LostCause::Damage) note(event, "+++ the traced program damaged the trace +++");
  if (lost.count <= lost_) return;
  note(event, fmt::format("+++ {} calls lost +++", lost.count - lost_));
  lost_ = lost.count;
}

// That it is gone only matters to whoever chooses packets.
void TextPrinter::unseen_socket(const Event& event, const UnseenSocketEvent& socket) {
  if (socket.until_ns != kStillThere) return;
  const auto local = endpoint_from_sockaddr(socket.local());
  const auto peer = endpoint_from_sockaddr(socket.peer());
  note(event, fmt::format("+++ has {} {}{}, and its calls are not seen +++",
                          socket.identity.type == SOCK_DGRAM ? "UDP" : "TCP",
                          local ? to_string(*local) : "?", peer ? " -> " + to_string(*peer) : ""));
}

void TextPrinter::note(const Event& event, std::string_view text) {
  entry_.clear();
  TextWriter out(entry_, options_);
  out.begin(TextColor::Note);
  out.text(text);
  out.end_color();
  interleaver_.add_note(event.tid, event.time_ns, entry_);
}

void TextPrinter::idle() {
  interleaver_.flush();
  if (!options_.show_running_after_ns) return;
  const uint64_t wait_ns = *options_.show_running_after_ns;
  if (wait_ns == 0)
    interleaver_.show_announced();
  else
    interleaver_.show_waiting_since(realtime_ns() - wait_ns);
}

void TextPrinter::finish() { interleaver_.finish(); }

}  // namespace wireseam
