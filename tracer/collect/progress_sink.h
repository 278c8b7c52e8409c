// SPDX-License-Identifier: Apache-2.0
// Passes events on and shows in the region that it does: a program that waits for room there goes
// on waiting while events get out, however slowly they are printed.
#pragma once

#include <atomic>
#include <cstdint>

#include "tracer/trace/event.h"

namespace wireseam {

class ProgressSink : public EventSink {
 public:
  ProgressSink(EventSink& sink, std::atomic<uint32_t>& progress)
      : sink_(sink), progress_(progress) {}

  void event(const Event& event) override {
    sink_.event(event);
    progress_.fetch_add(1, std::memory_order_relaxed);
  }
  void running(const Event& event) override {
    sink_.running(event);
    progress_.fetch_add(1, std::memory_order_relaxed);
  }
  void idle() override { sink_.idle(); }
  void finish() override { sink_.finish(); }

 private:
  EventSink& sink_;
  std::atomic<uint32_t>& progress_;
};

}  // namespace wireseam
