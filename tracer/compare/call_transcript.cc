// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/call_transcript.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

// One line a call and nothing else.
TextOptions plain(TextOptions options, View view) {
  options.view = view;
  options.result_column = 0;
  options.thread_prefix = ThreadPrefix::None;
  options.show_process_starts = false;
  options.show_exits = false;
  return options;
}

bool is_of_libc(std::string_view file) {
  constexpr std::string_view kLibraries[] = {"libc.",   "libc-",   "libpthread", "libresolv.",
                                             "libanl.", "libnss_", "ld-musl-",   "libnsl."};
  return std::ranges::any_of(kLibraries, [&](auto name) { return file.starts_with(name); });
}

// Where the kernel maps what is no program: below the stack, at the end of 47 or 48 bits.
bool is_mapped_high(uint64_t address) {
  constexpr unsigned kShift = 44;
  return address >> kShift == 0x7 || address >> kShift == 0xf;
}

Origin origin_of(const Caller& caller) {
  if (caller.address == 0) return Origin::Unknown;
  if (caller.module.empty())
    return is_mapped_high(caller.address) ? Origin::Loader : Origin::Program;
  const std::string_view file = caller.module.substr(caller.module.rfind('/') + 1);
  if (file.starts_with("libwireseam-shim.")) return Origin::Shim;
  return is_of_libc(file) ? Origin::Libc : Origin::OtherLibrary;
}

// Of "+0x108dfa".
uint64_t address_in_module(const Caller& caller) {
  const std::string_view symbol = caller.symbol;
  return symbol.starts_with('+') ? number_of(symbol.substr(1)).value_or(0) : 0;
}

// What makes a process, as the log has it: clone(child_stack=NULL, flags=...) = 1234.
std::optional<std::string> making_text(const CallEvent& call) {
  const auto asked = call.blobs.find(0);
  if (!asked || call.failed() || call.state != CallState::Returned) return std::nullopt;
  const std::string text(reinterpret_cast<const char*>(asked->bytes.data()), asked->bytes.size());
  return text + " = " + std::to_string(call.result);
}

}  // namespace

CallTranscript::CallTranscript(View view, const TextOptions& options)
    : view_(view), own_(plain(options, view)), as_syscall_(plain(options, View::Syscall)) {}

void CallTranscript::event(const Event& event) {
  if (const auto* made = std::get_if<CallEvent>(&event.what)) return call(event, *made);
  if (view_ == View::Syscall) sockets_.passes(event);
  if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what))
    transcript_.programs.push_back({.pid = event.pid,
                                    .process = event.process,
                                    .cause = begin->cause,
                                    .parent = begin->parent,
                                    .name = std::string(begin->name)});
  if (const auto* lost = std::get_if<LostEvent>(&event.what)) transcript_.lost = lost->count;
}

void CallTranscript::call(const Event& event, const CallEvent& call) {
  if (call.info == nullptr) return;
  ComparedThread& thread = thread_of(event);
  if (is_mark(thread, event, call)) return;
  ComparedCall compared{.info = call.info,
                        .state = call.state,
                        .process = event.process,
                        .serial = call.serial,
                        .start_ns = event.time_ns,
                        .end_ns = event.time_ns + call.duration_ns,
                        .result = call.result,
                        .errnum = call.errnum,
                        .arguments = call.arguments};
  describe(compared, event);
  if (view_ == View::Syscall) {
    compared.about_socket = sockets_.passes(event);
    compared.origin = origin_of(call.caller);
    compared.module = call.caller.module;
    compared.module_address = address_in_module(call.caller);
  }
  thread.calls.push_back(std::move(compared));
}

bool CallTranscript::is_mark(ComparedThread& thread, const Event& event, const CallEvent& call) {
  if (view_ != View::Syscall) return false;
  const auto mark = operation_mark(call);
  if (!mark) return false;
  if (mark->begins) {
    begin_operation(thread, *mark, event);
  } else if (!thread.operations.empty()) {
    thread.operations.back().end_ns = event.time_ns + call.duration_ns;
    thread.operations.back().last_serial = call.serial;
  }
  return true;
}

void CallTranscript::begin_operation(ComparedThread& thread, const OperationMark& mark,
                                     const Event& event) {
  const auto [latest, is_first] = operations_.try_emplace(thread.tid, mark.number);
  const bool goes_on = !is_first && !thread.operations.empty() && latest->second == mark.number &&
                       thread.operations.back().line == mark.operation.line;
  latest->second = mark.number;
  if (!goes_on) {
    thread.operations.push_back(mark.operation);
    thread.operations.back().start_ns = event.time_ns;
    thread.operations.back().first_serial = std::get<CallEvent>(event.what).serial;
  }
  thread.operations.back().end_ns = UINT64_MAX;
  thread.operations.back().last_serial = UINT32_MAX;
}

void CallTranscript::describe(ComparedCall& compared, const Event& event) {
  compared.text = line(own_, event);
  if (view_ == View::Syscall && compared.info->result == ResultKind::Pid)
    compared.text = making_text(std::get<CallEvent>(event.what)).value_or(compared.text);
  compared.syscall = view_ == View::Syscall ? compared.text : line(as_syscall_, event);
}

std::string CallTranscript::line(TextPrinter& printer, const Event& event) {
  printer.event(event);
  printer.idle();
  std::string text(printer.text());
  printer.clear();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

ComparedThread& CallTranscript::thread_of(const Event& event) {
  const auto [found, is_new] = threads_.try_emplace(event.tid, transcript_.threads.size());
  if (is_new) transcript_.threads.push_back({.tid = event.tid, .pid = event.pid});
  return transcript_.threads[found->second];
}

Transcript CallTranscript::take() {
  // Events come in the order in which they took effect.
  for (ComparedThread& thread : transcript_.threads)
    std::ranges::stable_sort(thread.calls, {}, [this](const ComparedCall& call) {
      // The collector counts calls as it reads them, so there the start decides.
      const uint64_t order = view_ == View::Syscall ? call.serial : call.start_ns;
      return std::tuple(call.process, order, call.serial);
    });
  return std::move(transcript_);
}

}  // namespace wireseam
