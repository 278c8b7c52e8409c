// SPDX-License-Identifier: Apache-2.0
// Brings the events of a trace into a session, each with the line that `wireseam trace` prints.
#pragma once

#include "inspector/session/session.h"
#include "tracer/trace/text_printer.h"

namespace wireseam {

class CallLines final : public EventSink {
 public:
  // `session` must outlive it.
  explicit CallLines(Session& session);

  void event(const Event& event) override;

 private:
  std::string line_of(const Event& event);

  Session& session_;
  TextPrinter printer_;
};

}  // namespace wireseam
