// SPDX-License-Identifier: Apache-2.0
#include "demo/observer.h"

#include <cerrno>

#include "inspector/report/ladder.h"
#include "inspector/report/text_line.h"

namespace wireseam {
namespace {

constexpr std::string_view kBelowCall = "    ";

Filter filter_of(std::string_view names) {
  Filter filter;
  filter.select_calls(names.empty() ? "none" : names);
  return filter;
}

TextOptions call_text() {
  TextOptions options;
  options.show_process_starts = false;
  options.show_exits = false;
  options.thread_prefix = ThreadPrefix::None;
  options.result_column = 0;
  options.string_limit = 12;
  return options;
}

std::string_view without_end(std::string_view line) {
  return line.substr(0, line.find_last_not_of('\n') + 1);
}

// Its line belongs where it returned: what it waited for came before. Others act when they begin.
bool waits(const CallEvent& call) {
  return call.info->name.starts_with("recv") || call.info->name.starts_with("accept");
}

}  // namespace

void FindingsObserver::datagram(const DatagramTalk& talk, Direction direction,
                                const Datagram& datagram) {
  report_.clear();
  report_.datagram(talk, direction, datagram);
  picture_ += report_.text();
  datagrams_.push_back({.packet = datagram.packet ? datagram.packet->packet : 0,
                        .direction = direction,
                        .bytes = datagram.size,
                        .received = datagram.receive ? datagram.receive->range.size() : 0,
                        .truncated = datagram.truncated});
}

void FindingsObserver::datagrams(const DatagramTalk& talk) {
  report_.clear();
  report_.datagrams(talk);
  picture_ += '\n';
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
  if (ladder_ == Ladder::Hidden) return;
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

CallObserver::CallObserver(std::string_view names)
    : printer_(call_text()), filter_(filter_of(names)) {}

void CallObserver::event(const Event& event) {
  if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what))
    programs_[event.process] = begin->name;
  const auto* call = std::get_if<CallEvent>(&event.what);
  if (call == nullptr || call->info == nullptr || !filter_.matches(event, nullptr)) return;
  if (call->errnum == EINTR) return;  // a server was told to end
  print(event, *call);
  calls_.push_back({.name = call->info->name,
                    .program = programs_[event.process],
                    .errnum = call->errnum,
                    .result = call->result,
                    .size = call->arguments[2],
                    .duration_ns = call->duration_ns});
}

// Whole: others that went on at the same time don't cut its line in two.
void CallObserver::print(const Event& event, const CallEvent& call) {
  CallEvent returned = call;
  returned.duration_ns = 0;
  Event alone = event;
  alone.time_ns += call.duration_ns;
  alone.what = returned;
  printer_.event(alone);
  printer_.idle();
  lines_.emplace(waits(call) ? alone.time_ns : event.time_ns,
                 programs_[event.process] + ": " + std::string(without_end(printer_.text())));
  printer_.clear();
}

std::string CallObserver::text() const {
  std::string text;
  for (const auto& [time_ns, line] : lines_) append_folded(text, line, kBelowCall);
  return text;
}

}  // namespace wireseam
