// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/socket_table.h"

#include "tracer/trace/call_effects.h"

namespace wireseam {

const Socket* SocketTable::find(uint32_t process, int fd) const {
  const Descriptors* descriptors = processes_.find(process);
  return descriptors != nullptr ? descriptors->find(fd) : nullptr;
}

CallSockets SocketTable::apply(const Event& event) {
  if (const auto* call = std::get_if<CallEvent>(&event.what)) {
    CallSockets about = apply_call(*call, processes_.of(event), registry_);
    processes_.forked(event, *call);
    return about;
  }
  if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what))
    processes_.begin(event, *begin);
  if (std::holds_alternative<ProcessEndEvent>(event.what)) processes_.end(event);
  if (std::holds_alternative<LostEvent>(event.what)) registry_.doubt_all();
  return {};
}

}  // namespace wireseam
