// SPDX-License-Identifier: Apache-2.0
// Writes down the calls of a run, each with its text, for them to be compared.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "tracer/compare/compared_call.h"
#include "tracer/compare/operation_mark.h"
#include "tracer/compare/socket_calls.h"
#include "tracer/trace/text_printer.h"

namespace wireseam {

class CallTranscript : public EventSink {
 public:
  // View::Libc: of the shim's events; View::Syscall: of those of a log with LogCalls::All.
  // `options` say how calls are shown.
  CallTranscript(View view, const TextOptions& options);

  void event(const Event& event) override;

  // Once, after all events.
  Transcript take();

 private:
  void call(const Event& event, const CallEvent& call);
  bool is_mark(ComparedThread& thread, const Event& event, const CallEvent& call);
  void begin_operation(ComparedThread& thread, const OperationMark& mark, const Event& event);
  void describe(ComparedCall& compared, const Event& event);
  ComparedThread& thread_of(const Event& event);
  static std::string line(TextPrinter& printer, const Event& event);

  View view_;
  TextPrinter own_;
  TextPrinter as_syscall_;
  SocketCallTest sockets_;
  Transcript transcript_;
  std::unordered_map<uint32_t, size_t> threads_;       // by tid
  std::unordered_map<uint32_t, uint64_t> operations_;  // by tid: the number of the latest
};

}  // namespace wireseam
