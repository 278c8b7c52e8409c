// SPDX-License-Identifier: Apache-2.0
// The calls' half of a session. The packets' half is session.cc.
#include <algorithm>
#include <cerrno>
#include <utility>

#include "inspector/session/frame_record.h"
#include "inspector/session/session.h"

namespace wireseam {
namespace {

constexpr size_t kEarlyCalls = 16;  // of a socket, before it is known what it is an end of
constexpr size_t kEarlySockets = 4096;

constexpr Direction kBoth[] = {Direction::ToServer, Direction::ToClient};

std::string_view state_of(const Conversation& conversation, bool over) {
  const CallMoment& connect = conversation.party(Role::Client).begin;
  if (connect.errnum == ECONNREFUSED) return "refused";
  if (connect.errnum != 0 && connect.errnum != EINPROGRESS) return "failed";
  return over ? "closed" : "open";
}

// What packets would have told.
void refresh_without_packets(ConnectionRecord& record, const Conversation& conversation,
                             uint64_t now_ns) {
  record.last_ns = now_ns;
  record.state = state_of(conversation, record.ended.has_value());
  for (const Direction direction : kBoth)
    record.half(direction).bytes = std::max(conversation.party(sender_of(direction)).sent,
                                            conversation.party(receiver_of(direction)).received);
}

}  // namespace

void Session::call(TracedCall call) {
  begin(call.begin_ns);
  if (!call.name.empty()) ++totals_.calls;
  now_ns_ = std::max(now_ns_, call.end_ns());
  call_bytes_ += call.text.capacity();
  calls_.push(std::move(call));
  ++version_;
  if (memory() > limit_) make_room();
}

void Session::program(uint32_t process, std::string_view name) { programs_[process] = name; }

std::string_view Session::program(uint32_t process) const {
  const auto found = programs_.find(process);
  return found == programs_.end() ? std::string_view() : found->second;
}

void Session::called(uint64_t socket, const Conversation* conversation, Role role) {
  if (calls_.empty()) return;
  const uint64_t index = calls_.end() - 1;
  if (conversation == nullptr) {
    if (early_.size() > kEarlySockets) early_.clear();
    auto& calls = early_[socket];
    if (calls.size() < kEarlyCalls) calls.push_back(index);
    return;
  }
  ConnectionRecord* record = record_of(*conversation);
  if (record == nullptr || record->calls == nullptr) return;
  if (const auto early = early_.find(socket); early != early_.end()) {
    for (const uint64_t before : early->second) put_call(*record, before, role);
    early_.erase(early);
  }
  put_call(*record, index, role);
}

void Session::put_call(ConnectionRecord& record, uint64_t index, Role role) {
  TracedCall* call = calls_.find(index);
  if (call == nullptr || call->connection == record.id) return;
  call->connection = record.id;
  call->role = role;
  record.calls->all.push(index);
}

// Null where it has fallen away.
ConnectionRecord* Session::record_of(const Conversation& conversation) {
  auto found = connections_.find(conversation.id);
  if (found == connections_.end()) {
    if (conversation.on_wire) return nullptr;
    found = connections_.try_emplace(conversation.id).first;
    found->second.id = conversation.id;
    found->second.first_ns = now_ns_;
    ++totals_.connections;
  }
  if (conversation.is_traced()) refresh_calls(found->second, conversation);
  ++version_;
  return &found->second;
}

void Session::refresh_calls(ConnectionRecord& record, const Conversation& conversation) {
  if (record.calls == nullptr) {
    record.calls = std::make_shared<CallsRecord>();
    record.calls->medium = conversation.medium;
    record.calls->client = conversation.client;
    record.calls->server = conversation.server;
    ++with_calls_;
  }
  record.calls->parties = conversation.parties;
  if (!record.is_on_wire()) refresh_without_packets(record, conversation, now_ns_);
}

void Session::found_on_wire(const Conversation& conversation, uint64_t before) {
  const auto old = connections_.find(before);
  ConnectionRecord* record = record_of(conversation);
  if (old == connections_.end() || record == nullptr || old->second.calls == nullptr) return;
  if (record->calls != nullptr) --with_calls_;
  record->calls = std::move(old->second.calls);
  const Kept<uint64_t>& all = record->calls->all;
  for (uint64_t at = all.begin(); at < all.end(); ++at)
    if (TracedCall* call = calls_.find(*all.find(at))) call->connection = record->id;
  connections_.erase(old);
  --totals_.connections;
}

void Session::framed(const Conversation& conversation, Direction direction, const FrameSpan& frame,
                     const Beside& beside) {
  ConnectionRecord* record = record_of(conversation);
  if (record == nullptr) return;
  count_frame(*record, direction, frame.framing);
  FrameRecord kept = frame_record(record->id, direction, frame.frame, frame.framing);
  if (conversation.is_traced()) kept.cuts = cuts_of(frame, beside);
  kept.sends = beside.sends.size();
  kept.receives = beside.receives.size();
  push_frame(*record, std::move(kept));
}

// Calls of one end move bytes in the order in which they came, so each is looked for behind the one
// before it. Null where it has fallen away.
TracedCall* Session::find_moving(CallsRecord& calls, Direction direction, Role role,
                                 const CallSpan& span) {
  uint64_t& next = calls.next[static_cast<size_t>(direction)][static_cast<size_t>(role)];
  for (uint64_t at = std::max(next, calls.all.begin()); at < calls.all.end(); ++at) {
    TracedCall* call = calls_.find(*calls.all.find(at));
    if (call == nullptr || call->tid != span.tid || call->role != role) continue;
    if (call->begin_ns > span.begin_ns) return nullptr;
    if (call->begin_ns < span.begin_ns) continue;
    next = at + 1;
    calls.moved.push(*calls.all.find(at));
    return call;
  }
  return nullptr;
}

MovedBytes* Session::moved(const Conversation& conversation, Direction direction, Role role,
                           const CallSpan& span, const Beside& beside) {
  ConnectionRecord* record = record_of(conversation);
  if (record == nullptr || record->calls == nullptr) return nullptr;
  if (!record->is_on_wire() && role == sender_of(direction))
    record->rate.add(span.begin_ns, direction, span.range.size());
  TracedCall* call = find_moving(*record->calls, direction, role, span);
  if (call == nullptr) return nullptr;
  call->moved = {.direction = direction,
                 .range = span.range,
                 .room = span.room,
                 .ambiguous = span.ambiguous,
                 .urgent = span.urgent,
                 .segments = beside.segments.size(),
                 .frames = beside.frames.size(),
                 .delay = {}};
  return &*call->moved;
}

void Session::sent(const Conversation& conversation, Direction direction, const CallSpan& call,
                   const Beside& beside) {
  MovedBytes* bytes = moved(conversation, direction, sender_of(direction), call, beside);
  if (bytes != nullptr && !beside.segments.empty()) bytes->delay = delay_of(call, beside);
}

void Session::received(const Conversation& conversation, Direction direction, const CallSpan& call,
                       const Beside& beside) {
  MovedBytes* bytes = moved(conversation, direction, receiver_of(direction), call, beside);
  if (bytes != nullptr && !beside.segments.empty()) bytes->queued_ns = queued_ns(call, beside);
}

void Session::joined(const Conversation& conversation) {
  ConnectionRecord* record = record_of(conversation);
  if (record == nullptr || record->calls == nullptr) return;
  record->calls->backlog_ns = backlog_ns(conversation);
  record->calls->reset = reset_of(conversation);
  if (record->is_on_wire()) return;
  record->ended = EndReason::Over;
  refresh_without_packets(*record, conversation, now_ns_);
  over_.push_back(record->id);
  drop_connections();
}

}  // namespace wireseam
