// SPDX-License-Identifier: Apache-2.0
#include "demo/observer.h"

#include "inspector/report/ladder.h"

namespace wireseam {
namespace {

// Those of the sockets; who calls what besides is not what is shown.
Filter socket_calls() {
  Filter filter;
  filter.add(
      "trace=socket,bind,listen,accept,accept4,connect,send,sendto,sendmsg,recv,recvfrom,"
      "recvmsg,shutdown,setsockopt");
  return filter;
}

TextOptions call_text() {
  TextOptions options;
  options.show_process_starts = false;
  options.show_exits = false;
  return options;
}

}  // namespace

void FindingsObserver::frame(const Connection& connection, Direction direction, const Frame& frame,
                             const Framing* framing) {
  report_.clear();
  report_.frame(connection, direction, frame, framing);
  picture_ += report_.text();
}

void FindingsObserver::framed(const Conversation& conversation, Direction direction,
                              const FrameSpan& frame, const Beside& beside) {
  report_.framed(conversation, direction, frame, beside);
  lanes(conversation, direction)
      .frames.push_back({.range = frame.range,
                         .body = frame.frame.body.size(),
                         .sends = beside.sends.size(),
                         .segments = beside.segments.size(),
                         .receives = beside.receives.size(),
                         .cuts = cuts_of(frame, beside)});
}

void FindingsObserver::sent(const Conversation& conversation, Direction direction,
                            const CallSpan& call, const Beside& beside) {
  report_.sent(conversation, direction, call, beside);
  SeenSend send{.range = call.range, .offered = call.room, .packets = {}, .delay = {}};
  for (const WireSpan& segment : beside.segments) send.packets.push_back(segment.packet);
  if (!beside.segments.empty()) send.delay = delay_of(call, beside);
  lanes(conversation, direction).sends.push_back(std::move(send));
}

void FindingsObserver::received(const Conversation& conversation, Direction direction,
                                const CallSpan& call, const Beside& beside) {
  report_.received(conversation, direction, call, beside);
  SeenReceive receive{.range = call.range, .room = call.room, .sends = {}, .queued_ns = 0};
  for (const CallSpan& send : beside.sends) receive.sends.push_back(send.range);
  if (!beside.segments.empty()) receive.queued_ns = queued_ns(call, beside);
  lanes(conversation, direction).receives.push_back(std::move(receive));
}

void FindingsObserver::ended(const Connection& connection, const ConnectionFrames* /*frames*/,
                             EndReason /*reason*/) {
  if (above_ != Above::Packets) return;
  auto rows = handshake_rows(connection);
  for (LadderRow& row : teardown_rows(connection)) rows.push_back(std::move(row));
  append_ladder(picture_, rows);
  picture_ += '\n';
}

void FindingsObserver::joined(const Conversation& conversation) {
  report_.clear();
  report_.joined(conversation);
  picture_ += report_.text();
  if (!conversation.is_traced()) return;
  SeenConversation& seen = conversations_.emplace_back();
  seen.id = conversation.id;
  seen.on_wire = conversation.on_wire;
  seen.client = conversation.client;
  seen.server = conversation.server;
  seen.parties = conversation.parties;
  seen.handshake = conversation.handshake;
  seen.teardown = conversation.teardown;
  seen.backlog_ns = backlog_ns(conversation);
  seen.discarder = discarder(conversation);
  seen.lanes = std::move(lanes_[conversation.id]);
}

CallObserver::CallObserver() : printer_(call_text(), socket_calls()), filter_(socket_calls()) {}

void CallObserver::event(const Event& event) {
  printer_.event(event);
  if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what))
    programs_[event.process] = begin->name;
  const auto* call = std::get_if<CallEvent>(&event.what);
  if (call == nullptr || call->info == nullptr || !filter_.matches(event, nullptr)) return;
  calls_.push_back({.name = call->info->name,
                    .program = programs_[event.process],
                    .errnum = call->errnum,
                    .result = call->result,
                    .duration_ns = call->duration_ns});
}

}  // namespace wireseam
