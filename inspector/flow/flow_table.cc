// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/flow_table.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include "inspector/flow/elapsed.h"
#include "inspector/flow/flow_slot.h"
#include "inspector/flow/holes.h"
#include "inspector/flow/incarnations.h"
#include "inspector/flow/recency_list.h"
#include "inspector/flow/roles.h"
#include "inspector/flow/tcp_analysis.h"
#include "inspector/flow/udp_analysis.h"

namespace wireseam {
namespace {

// Late copies of the last segments still belong to the connection. A sender that lost the news of
// its end sends again and again, after times that double up to 120 s (Linux's TCP_RTO_MAX).
constexpr uint64_t kSilentAfterCloseNs = 5'000'000'000;
constexpr uint64_t kSilentAfterResentNs = 125'000'000'000;
constexpr uint64_t kIdleDatagramsNs = 120'000'000'000;
constexpr uint64_t kUnsteadyNs = 60'000'000'000;
constexpr uint64_t kTickNs = 100'000'000;
// A tick looks at every hole: there is none before a packet has come for so many of them.
constexpr size_t kHolesAPacket = 16;
// What a sink says of more of them than this would be a lot to keep until it can be written.
constexpr size_t kEndedAtOnce = 64;
// Of so many connections an answer from another end is looked for.
constexpr size_t kMostAwaited = 256;
// Of so many tuples that had a connection the number of incarnations is remembered.
constexpr size_t kMostPastKeys = 1 << 18;

// A slot in use is hashed by the key of its connection.
struct SlotHash {
  using is_transparent = void;
  size_t operator()(const FlowKey& key) const { return absl::Hash<FlowKey>{}(key); }
  size_t operator()(uint32_t slot) const { return (*this)(slots[slot].connection.key); }
  const Slots<FlowSlot>& slots;
};

}  // namespace

class FlowTable::State {
 public:
  State(FlowSink& sink, FlowLimits limits) : sink_(sink), limits_(limits) {}

  void packet(const Packet& packet);
  void tick(uint64_t now_ns);
  void finish(const std::function<void()>& after_each);

  FlowCounts counts;
  uint64_t newest_id = 0;

 private:
  FlowKeyAndSide untranslated(const FlowKeyAndSide& flow, const Packet& packet);
  void pass_translation_on(const Connection& ending);
  void find_translation(const FlowKeyAndSide& flow, const Packet& packet);
  uint32_t find(const FlowKeyAndSide& flow, const Packet& packet);
  uint32_t find_in_other_vlan(const FlowKeyAndSide& flow, const Packet& packet) const;
  uint32_t slot_of(const FlowKey& key) const;
  uint32_t begin(const FlowKeyAndSide& flow, const Packet& packet);
  void remember_vlan(FlowKey key);
  uint32_t follow(uint32_t older, const FlowKeyAndSide& flow, const Packet& packet);
  uint32_t addressed(uint32_t newest, const Packet& packet, Side sender) const;
  void tell_of_challenge(FlowSlot& newest, const Packet& packet, Side sender);
  uint32_t free_slot();
  uint32_t take_incarnation(const FlowKey& key);
  void unlink(uint32_t slot);
  void end(uint32_t slot, EndReason reason);
  void update_lists(uint32_t slot);
  void update_holes(uint32_t slot, size_t held_before, uint64_t packet_ns);
  uint64_t steady_ns(uint64_t packet_ns) const;
  // So that one stream alone doesn't cost all others their holes.
  size_t most_held() const { return limits_.held_bytes / 2; }
  void pass_time(uint64_t packet_ns);
  void give_up_for_memory(uint64_t now_ns);
  void give_up_old_holes(uint64_t now_ns);
  void end_silent(uint64_t now_ns);
  size_t end_silent(Waiting waiting, uint64_t now_ns, uint64_t silence_ns, EndReason reason);
  RecencyList& list(Waiting waiting) { return lists_[static_cast<size_t>(waiting)]; }

  FlowSink& sink_;
  FlowLimits limits_;
  Slots<FlowSlot> slots_;
  absl::flat_hash_set<uint32_t, SlotHash, SlotEqual> used_{0, SlotHash{slots_}, SlotEqual{slots_}};
  absl::flat_hash_map<FlowKey, uint32_t> newest_vlans_;       // by key without a VLAN
  absl::flat_hash_map<FlowKey, uint32_t> past_incarnations_;  // of tuples that have no slot
  absl::flat_hash_map<FlowKey, uint32_t> translated_;         // slots by their other keys
  std::vector<uint32_t> free_;
  RecencyLinks links_;
  std::array<RecencyList, 5> lists_{RecencyList(links_), RecencyList(links_), RecencyList(links_),
                                    RecencyList(links_), RecencyList(links_)};
  RecencyLinks holed_links_;
  RecencyList holed_{holed_links_};  // connections with holes
  size_t held_bytes_ = 0;
  uint32_t last_slot_ = kNoSlot;
  uint64_t tick_ns_ = 0;  // when the last one was
  uint64_t last_packet_ns_ = 0;
  size_t packets_since_tick_ = 0;
  bool has_silent_ = false;  // there are more to be ended
};

void FlowTable::State::packet(const Packet& packet) {
  const FlowKeyAndSide flow = untranslated(key_of(packet), packet);
  const uint32_t newest = find(flow, packet);
  const uint32_t slot = addressed(newest, packet, flow.sender);
  Connection& connection = slots_[slot].connection;
  connection.half(connection.direction(flow.sender)).vlan = packet.vlan;
  connection.first_ns = std::min(connection.first_ns, packet.time_ns);
  connection.last_ns = std::max(connection.last_ns, packet.time_ns);
  if (packet.transport == Transport::Tcp) {
    const size_t held_before = held_by(connection);
    if (slot != newest) tell_of_challenge(slots_[newest], packet, flow.sender);
    analyse_tcp(connection, packet, flow.sender, slots_[newest].connection, sink_);
    update_holes(slot, held_before, packet.time_ns);
  } else {
    analyse_udp(connection, packet, flow.sender, sink_);
  }
  update_lists(slot);
  if (const uint32_t older = slots_[slot].older; older != kNoSlot && is_answered(connection))
    end(older, EndReason::Reused);
  pass_time(packet.time_ns);
}

// A REDIRECT or a DNAT on this host: the SYN goes to the new end, and the SYN/ACK comes from the
// old one. What it acknowledges, and the end that stays, tell whose it is.
void FlowTable::State::find_translation(const FlowKeyAndSide& flow, const Packet& packet) {
  const RecencyList& unanswered = list(Waiting::Unanswered);
  uint32_t slot = unanswered.newest();
  for (size_t looked_at = 0; slot != kNoSlot && looked_at < kMostAwaited; ++looked_at) {
    Connection& connection = slots_[slot].connection;
    const FlowEnd client = connection.client_end();
    const bool is_answer = connection.handshake.syn.seq + 1 == packet.tcp.ack &&
                           connection.key.version == packet.ip_version &&
                           client == FlowEnd{packet.destination, packet.destination_port};
    if (is_answer) {
      connection.translated.change() = {flow.key, other(flow.sender)};
      translated_[flow.key] = slot;
      return;
    }
    slot = unanswered.older(slot);
  }
}

// The packet's flow as its connection has it.
// What is behind or before it with the same ends goes the same way.
void FlowTable::State::pass_translation_on(const Connection& ending) {
  const TranslatedKey translated = *ending.translated;
  const auto left = used_.find(ending.key);
  if (left == used_.end() || slots_[*left].connection.translated->has()) {
    translated_.erase(translated.key);
    return;
  }
  slots_[*left].connection.translated.change() = translated;
  translated_[translated.key] = *left;
}

FlowKeyAndSide FlowTable::State::untranslated(const FlowKeyAndSide& flow, const Packet& packet) {
  const bool may_answer = packet.transport == Transport::Tcp && packet.tcp.has(kSyn) &&
                          packet.tcp.has(kAck) && !used_.contains(flow.key);
  if (may_answer && !translated_.contains(flow.key)) find_translation(flow, packet);
  if (translated_.empty()) return flow;
  const auto found = translated_.find(flow.key);
  if (found == translated_.end()) return flow;
  const Connection& connection = slots_[found->second].connection;
  const bool is_client = flow.sender == connection.translated->client;
  return {connection.key, is_client ? connection.client : other(connection.client)};
}

// Clocks are set back, too. But a time that one packet alone has is no time that has gone by: it
// must not cost others their holes. So two in a row have to lie on the same side of the last tick.
void FlowTable::State::pass_time(uint64_t packet_ns) {
  const auto [earlier_ns, later_ns] = std::minmax(packet_ns, last_packet_ns_);
  const uint64_t now_ns = std::clamp(tick_ns_, earlier_ns, later_ns);
  last_packet_ns_ = packet_ns;
  ++packets_since_tick_;
  if (apart_ns(now_ns, tick_ns_) >= kTickNs && packets_since_tick_ * kHolesAPacket >= holed_.size())
    tick(now_ns);
  if (has_silent_) end_silent(now_ns);
}

// The slot of the newest connection of the packet's ports, which is begun where there is none.
uint32_t FlowTable::State::find(const FlowKeyAndSide& flow, const Packet& packet) {
  if (last_slot_ == kNoSlot || slots_[last_slot_].connection.key != flow.key) {
    last_slot_ = slot_of(flow.key);
    if (last_slot_ == kNoSlot) last_slot_ = find_in_other_vlan(flow, packet);
  }
  if (last_slot_ != kNoSlot && begins_anew(slots_[last_slot_].connection, packet, flow.sender))
    last_slot_ = follow(last_slot_, flow, packet);
  if (last_slot_ == kNoSlot) last_slot_ = begin(flow, packet);
  return last_slot_;
}

uint32_t FlowTable::State::slot_of(const FlowKey& key) const {
  const auto found = used_.find(key);
  return found != used_.end() ? *found : kNoSlot;
}

uint32_t FlowTable::State::find_in_other_vlan(const FlowKeyAndSide& flow,
                                              const Packet& packet) const {
  if (newest_vlans_.empty() && packet.vlan == 0) return kNoSlot;  // no tag so far
  FlowKey key = flow.key;
  key.vlan = 0;
  const auto newest = newest_vlans_.find(key);
  for (const uint32_t vlan : {uint32_t{0}, newest != newest_vlans_.end() ? newest->second : 0}) {
    key.vlan = vlan;
    const uint32_t slot = slot_of(key);
    if (slot != kNoSlot && is_other_way(slots_[slot].connection, packet, flow.sender)) return slot;
  }
  return kNoSlot;
}

// A SYN alone ends nothing: who still has the connection answers that it does, and only if the
// other side resets it a new one is accepted (RFC 9293 section 3.5.1). So both are kept until the
// new one is answered.
uint32_t FlowTable::State::follow(uint32_t older, const FlowKeyAndSide& flow,
                                  const Packet& packet) {
  if (slots_[older].connection.key != flow.key) {  // in another VLAN
    end(older, EndReason::Reused);
    return begin(flow, packet);
  }
  const uint32_t oldest = slots_[older].older;
  if (oldest != kNoSlot) {
    end(older, EndReason::Reused);
    older = oldest;
  }
  const uint32_t slot = begin(flow, packet);
  if (older != slot) slots_[slot].older = older;  // or else it had to go for the new one
  return slot;
}

uint32_t FlowTable::State::addressed(uint32_t newest, const Packet& packet, Side sender) const {
  const uint32_t older = slots_[newest].older;
  if (older == kNoSlot) return newest;
  const bool is_older =
      belongs_to_older(slots_[older].connection, slots_[newest].connection, packet, sender);
  return is_older ? older : newest;
}

void FlowTable::State::tell_of_challenge(FlowSlot& newest, const Packet& packet, Side sender) {
  const uint64_t syn = newest.connection.handshake.syn.packet;
  if (!challenges(packet, sender, newest.connection) || newest.challenged == syn) return;
  newest.challenged = syn;
  sink_.note(newest.connection, {syn, packet.time_ns, Direction::ToServer, Cause::IgnoredSyn, {}});
}

uint32_t FlowTable::State::begin(const FlowKeyAndSide& flow, const Packet& packet) {
  const uint32_t slot = free_slot();
  const Roles roles = roles_of(flow.key, packet, flow.sender);
  Connection& connection = slots_[slot].connection;
  ++counts.connections;
  connection.id = ++newest_id;
  connection.slot = slot;
  connection.key = flow.key;
  connection.incarnation = take_incarnation(flow.key);
  connection.client = roles.client;
  connection.client_is_guess = roles.guessed;
  connection.first_ns = packet.time_ns;
  connection.first_packet = packet.number;
  used_.erase(flow.key);
  used_.insert(slot);
  remember_vlan(flow.key);
  slots_[slot].waiting = waiting_of(connection);
  list(slots_[slot].waiting).add_newest(slot);
  sink_.begun(connection);
  return slot;
}

void FlowTable::State::remember_vlan(FlowKey key) {
  const uint32_t vlan = std::exchange(key.vlan, 0);
  if (vlan == 0) return;
  if (newest_vlans_.size() >= kMostPastKeys) newest_vlans_.clear();
  newest_vlans_[key] = vlan;
}

// The next one of these ports.
uint32_t FlowTable::State::take_incarnation(const FlowKey& key) {
  uint32_t newest = 0;
  if (const auto past = past_incarnations_.extract(key)) newest = past.mapped();
  if (const auto used = used_.find(key); used != used_.end())
    newest = std::max(newest, slots_[*used].connection.incarnation);
  return newest + 1;
}

// Makes the connection before it the newest of its ports, or parts it from the one behind it.
void FlowTable::State::unlink(uint32_t slot) {
  const auto found = used_.find(slots_[slot].connection.key);
  if (found == used_.end()) return;
  if (const uint32_t newest = *found; newest != slot) {
    slots_[newest].older = kNoSlot;
    return;
  }
  used_.erase(found);
  if (slots_[slot].older != kNoSlot) used_.insert(slots_[slot].older);
}

uint32_t FlowTable::State::free_slot() {
  if (free_.empty() && slots_.size() >= limits_.connections) {
    const auto filled = std::ranges::find_if(
        lists_, [](const RecencyList& waiting) { return waiting.oldest() != kNoSlot; });
    ++counts.given_up;
    end(filled->oldest(), EndReason::GivenUp);
  }
  if (free_.empty()) {
    slots_.add();
    links_.grow_to(slots_.size());
    return static_cast<uint32_t>(slots_.size() - 1);
  }
  const uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

void FlowTable::State::end(uint32_t slot, EndReason reason) {
  FlowSlot& ending = slots_[slot];
  Connection& connection = ending.connection;
  held_bytes_ -= held_by(connection);
  if (connection.key.transport == Transport::Tcp)
    end_streams(connection, connection.last_ns, sink_);
  sink_.ended(connection, reason);
  list(ending.waiting).remove(slot);
  if (ending.holed) holed_.remove(slot);
  if (past_incarnations_.size() >= kMostPastKeys) past_incarnations_.clear();
  uint32_t& past = past_incarnations_[connection.key];
  past = std::max(past, connection.incarnation);
  unlink(slot);
  if (connection.translated->has()) pass_translation_on(connection);
  ending = {};
  free_.push_back(slot);
  if (last_slot_ == slot) last_slot_ = kNoSlot;
}

void FlowTable::State::update_lists(uint32_t slot) {
  FlowSlot& used = slots_[slot];
  const Waiting waiting = waiting_of(used.connection);
  if (waiting == used.waiting) return list(waiting).use(slot);
  list(used.waiting).remove(slot);
  list(waiting).add_newest(slot);
  used.waiting = waiting;
}

// The time by now. Not so far ahead as one packet alone may be: that is no time that has gone by.
uint64_t FlowTable::State::steady_ns(uint64_t packet_ns) const {
  return elapsed_ns(last_packet_ns_, packet_ns) < kUnsteadyNs ? packet_ns : last_packet_ns_;
}

void FlowTable::State::update_holes(uint32_t slot, size_t held_before, uint64_t packet_ns) {
  FlowSlot& used = slots_[slot];
  Connection& connection = used.connection;
  if (!has_hole(connection) && held_before == 0) return;
  const uint64_t now_ns = steady_ns(packet_ns);
  if (has_hole(connection))
    counts.holes_given_up_for_memory += give_up_holes(connection, now_ns, most_held(), sink_);
  held_bytes_ = held_bytes_ + held_by(connection) - held_before;
  if (used.holed) holed_.remove(slot);
  used.holed = has_hole(connection);
  if (used.holed) {
    holed_links_.grow_to(slot + size_t{1});
    holed_.add_newest(slot);
  }
  if (held_bytes_ > limits_.held_bytes) give_up_for_memory(now_ns);
}

// Gives up what was silent longest.
void FlowTable::State::give_up_for_memory(uint64_t now_ns) {
  while (held_bytes_ > limits_.held_bytes / 2 && holed_.oldest() != kNoSlot) {
    FlowSlot& oldest = slots_[holed_.oldest()];
    holed_.remove(holed_.oldest());
    oldest.holed = false;
    held_bytes_ -= held_by(oldest.connection);
    ++counts.holes_given_up_for_memory;
    give_up_all_holes(oldest.connection, now_ns, sink_);
  }
}

void FlowTable::State::tick(uint64_t now_ns) {
  tick_ns_ = now_ns;
  packets_since_tick_ = 0;
  give_up_old_holes(now_ns);
  end_silent(now_ns);
}

void FlowTable::State::give_up_old_holes(uint64_t now_ns) {
  for (uint32_t slot = holed_.oldest(); slot != kNoSlot;) {
    const uint32_t next = holed_.newer(slot);
    FlowSlot& holed = slots_[slot];
    held_bytes_ -= held_by(holed.connection);
    counts.holes_given_up_for_memory += give_up_holes(holed.connection, now_ns, most_held(), sink_);
    held_bytes_ += held_by(holed.connection);
    holed.holed = has_hole(holed.connection);
    if (!holed.holed) holed_.remove(slot);
    slot = next;
  }
}

void FlowTable::State::end_silent(uint64_t now_ns) {
  const size_t ended =
      end_silent(Waiting::Over, now_ns, kSilentAfterCloseNs, EndReason::Over) +
      end_silent(Waiting::OverAndResent, now_ns, kSilentAfterResentNs, EndReason::Over) +
      end_silent(Waiting::Datagrams, now_ns, kIdleDatagramsNs, EndReason::Idle);
  has_silent_ = ended >= kEndedAtOnce;
}

// How many it has ended.
size_t FlowTable::State::end_silent(Waiting waiting, uint64_t now_ns, uint64_t silence_ns,
                                    EndReason reason) {
  for (size_t ended = 0; ended < kEndedAtOnce; ++ended) {
    const uint32_t slot = list(waiting).oldest();
    if (slot == kNoSlot || apart_ns(slots_[slot].connection.last_ns, now_ns) <= silence_ns)
      return ended;
    end(slot, reason);
  }
  return kEndedAtOnce;
}

void FlowTable::State::finish(const std::function<void()>& after_each) {
  std::vector<uint32_t> open;
  open.reserve(used_.size());
  for (uint32_t slot = 0; slot < slots_.size(); ++slot)
    if (slots_[slot].connection.id != 0) open.push_back(slot);
  std::ranges::sort(open, {}, [this](uint32_t slot) { return slots_[slot].connection.id; });
  for (const uint32_t slot : open) {
    const bool is_newest = *used_.find(slots_[slot].connection.key) == slot;
    end(slot, is_newest ? EndReason::Finished : EndReason::Reused);
    if (after_each) after_each();
  }
}

FlowTable::FlowTable(FlowSink& sink, FlowLimits limits)
    : state_(std::make_unique<State>(sink, limits)) {}
FlowTable::~FlowTable() = default;

void FlowTable::packet(const Packet& packet) { state_->packet(packet); }
void FlowTable::tick(uint64_t now_ns) { state_->tick(now_ns); }
void FlowTable::finish(const std::function<void()>& after_each) { state_->finish(after_each); }
uint64_t FlowTable::take_id() { return ++state_->newest_id; }

const FlowCounts& FlowTable::counts() const { return state_->counts; }

}  // namespace wireseam
