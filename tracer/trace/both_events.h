// SPDX-License-Identifier: Apache-2.0
// Gives each event to two sinks, one after the other.
#pragma once

#include "tracer/trace/event.h"

namespace wireseam {

class BothEvents final : public EventSink {
 public:
  // Both must outlive it.
  BothEvents(EventSink& first, EventSink& second) : first_(first), second_(second) {}

  void event(const Event& event) override {
    first_.event(event);
    second_.event(event);
  }
  void running(const Event& event) override {
    first_.running(event);
    second_.running(event);
  }
  void finish() override {
    first_.finish();
    second_.finish();
  }

 private:
  EventSink& first_;
  EventSink& second_;
};

}  // namespace wireseam
