// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/socket_table.h"

#include <algorithm>

#include "tracer/trace/call_effects.h"

namespace wireseam {

const Socket* SocketTable::find(uint32_t process, uint32_t tid, int fd) const {
  const Descriptors* descriptors = processes_.find(process, tid);
  return descriptors != nullptr ? descriptors->find(fd) : nullptr;
}

void SocketTable::running(const Event& event) {
  const auto* call = std::get_if<CallEvent>(&event.what);
  const Descriptors* descriptors = processes_.find(event.process, event.tid);
  const bool has_descriptor = call != nullptr && call->info != nullptr &&
                              !call->info->parameters().empty() &&
                              call->info->parameters()[0].kind == ParameterKind::Fd;
  if (!has_descriptor || descriptors == nullptr) return;
  if (auto socket = descriptors->share(static_cast<int>(call->arguments[0])))
    underway_[{event.process, event.tid}] = {call->serial, std::move(socket)};
}

bool SocketTable::is_only_under_way(uint64_t id) const {
  const auto holds = [id](const auto& call) { return call.second.socket->id == id; };
  const auto calls = std::ranges::count_if(underway_, holds);
  return calls > 0 && static_cast<size_t>(calls) == registry_.holders(id);
}

// What the call's first descriptor named when it began, if that is another socket by now.
std::shared_ptr<Socket> SocketTable::began_with(const Event& event, const CallEvent& call,
                                                const Descriptors& descriptors) {
  const auto announced = underway_.extract({event.process, event.tid});
  const int fd = static_cast<int>(call.arguments[0]);
  if (announced && announced.mapped().serial == call.serial)
    return descriptors.find(fd) != announced.mapped().socket.get() ? announced.mapped().socket
                                                                   : nullptr;
  const bool has_descriptor = call.info != nullptr && !call.info->parameters().empty() &&
                              call.info->parameters()[0].kind == ParameterKind::Fd;
  if (!has_descriptor || call.info->result == ResultKind::Closed) return nullptr;
  return descriptors.replaced(fd, event.time_ns, event.time_ns + call.duration_ns);
}

CallSockets SocketTable::apply(const Event& event) {
  if (const auto* call = std::get_if<CallEvent>(&event.what)) {
    processes_.parted(event, *call);
    Descriptors& descriptors = processes_.of(event);
    descriptors.set_time(event.time_ns);
    const auto socket = began_with(event, *call, descriptors);
    CallSockets about = apply_call(*call, descriptors, registry_, socket);
    processes_.forked(event, *call);
    return about;
  }
  if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what))
    processes_.begin(event, *begin);
  if (std::holds_alternative<ProcessEndEvent>(event.what)) {
    processes_.end(event);
    std::erase_if(underway_, [&](const auto& call) { return call.first.first == event.process; });
  }
  if (std::holds_alternative<LostEvent>(event.what)) registry_.doubt_all();
  return {};
}

}  // namespace wireseam
