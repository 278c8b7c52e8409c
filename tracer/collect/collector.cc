// SPDX-License-Identifier: Apache-2.0
// A chunk is read as far as its thread has come, and given back when nothing more can come from it:
// its end was reached, or its thread is gone. What was read waits in the timeline until nothing
// earlier can follow. Programs wait for us when there is no room, so nothing here may wait for
// them.
#include "tracer/collect/collector.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "tracer/collect/collector_state.h"

namespace wireseam {

Collector::Collector(const RegionOptions& options, CollectorOutputs outputs)
    : state_(std::make_unique<CollectorState>(options, std::move(outputs))) {}

Collector::~Collector() = default;

std::string Collector::shim_path() const { return state_->region.shim_path(); }

std::string Collector::region_path() const { return state_->region.path(); }

void Collector::set_program(pid_t program) { state_->processes.set_program(program); }

size_t Collector::drain() {
  state_->region.serve();
  state_->clock.compare();
  if (!state_->region.is_intact()) state_->damaged("it changed what the shim only reads");
  const uint64_t now = state_->clock.now();
  const size_t taken = state_->last_taken = state_->read_chunks();
  if (state_->housekeeping_is_due(now)) state_->keep_house(now);
  state_->flush_file();
  state_->make_room(now);
  state_->emit(now - state_->clock.ticks_of_ns(kSettleNs));
  if (taken == 0 && state_->outputs.sink != nullptr) state_->outputs.sink->idle();
  return taken;
}

void Collector::wait(uint64_t timeout_ns) {
  auto& wanted = state_->region.header().wanted;
  const uint32_t seen = wanted.load(std::memory_order_acquire);
  // Who is killed while waiting is counted for ever: that alone must not keep us awake.
  const bool somebody_waits = state_->region.header().waiting.load(std::memory_order_relaxed) != 0;
  if (somebody_waits && state_->last_taken > 0) return;
  const timespec timeout{static_cast<time_t>(timeout_ns / 1'000'000'000),
                         static_cast<long>(timeout_ns % 1'000'000'000)};
  syscall(SYS_futex, &wanted, FUTEX_WAIT, seen, &timeout, nullptr, 0);
}

void Collector::child_ended(uint32_t pid, int32_t status) { state_->watch.reaped(pid, status); }

size_t Collector::running_processes() { return state_->count_running(); }

void Collector::finish() {
  state_->region.switch_off();
  state_->clock.compare();
  state_->read_chunks();
  state_->close_all_chunks();
  state_->note_ended_processes();
  state_->announce_losses(state_->clock.now());
  if (state_->sorter) state_->sorter->finish();
  state_->flush_file();
  state_->tell_unwritten();
  if (state_->outputs.sink != nullptr) state_->outputs.sink->finish();
}

uint64_t Collector::lost() const { return state_->lost(); }

}  // namespace wireseam
