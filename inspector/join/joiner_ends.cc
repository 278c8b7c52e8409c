// SPDX-License-Identifier: Apache-2.0
// How the ends of conversations end, as their calls tell: by a close, with their process, or
// because their socket is connected anew.
#include <algorithm>
#include <utility>
#include <vector>

#include "inspector/join/ends.h"
#include "inspector/join/talk.h"

namespace wireseam {
namespace {

constexpr uint64_t kClockSlackNs = 100'000;  // between those of calls and packets
constexpr size_t kMostListeners = 4096;

}  // namespace

// connect(2) may end what was connected, and connect anew.
void Joiner::leave_association(const Socket& socket, const CallMoment& moment) {
  const auto known = seats_.find(socket.id);
  if (known == seats_.end() || known->second.association == socket.association) return;
  Seat seat = known->second;
  seats_.erase(known);
  closed(seat, moment);
}

// That a process has ended is noticed later than it happens: where a FIN or an RST left with a
// close of another process that was the last.
const CallMoment& Joiner::last_of(const Seat& seat, const CallMoment& noticed) {
  const CallMoment& close = seat.closing;
  const Talk& talk = *seat.talk;
  const Direction direction = sent_by(seat.role);
  const Teardown& teardown =
      talk.connection != nullptr ? *talk.connection->teardown : talk.teardown;
  const RstStep& rst = teardown.rst;
  const uint64_t left_ns =
      rst.packet != 0 && rst.direction == direction ? rst.time_ns : teardown.fin(direction).time_ns;
  const bool is_last = close.seen() && left_ns + kClockSlackNs >= close.begin_ns &&
                       left_ns <= close.end_ns() + kClockSlackNs;
  return is_last ? close : noticed;
}

void Joiner::closed(Seat& seat, const CallMoment& moment) {
  Talk& talk = *seat.talk;
  Party& party = talk.party(seat.role);
  // Whoever has received it may come with calls: the last close is its end.
  if (sockets_.passed_on(party.socket) && !talk.wire_over) {
    if (!party.calls_lost) party.end = moment;
    return;
  }
  close_end(talk, seat.role, moment);
  if (talk.is_of_one_socket()) close_end(talk, Role::Server, moment);
  end_if_over(talk);
}

// Whoever received it has nothing more to come.
void Joiner::close_passed_on(Talk& talk) {
  for (const Role role : {Role::Client, Role::Server}) {
    const Party& party = talk.party(role);
    if (party.open && sockets_.passed_on(party.socket) && !sockets_.in_use(party.socket))
      close_end(talk, role, CallMoment(party.end));
  }
}

void Joiner::close_end(Talk& talk, Role role, const CallMoment& moment) {
  Party& party = talk.party(role);
  party.open = false;
  if (!party.calls_lost) party.end = moment;
  close_calls(talk, role);
}

// A process has ended, or many descriptors were closed at once.
void Joiner::close_unused(const CallMoment& moment) {
  std::vector<uint64_t> unused;
  for (auto& [id, seat] : seats_) {
    if (!seat.talk->party(seat.role).open) continue;
    // What was passed on is not said to end with a process that only sent it.
    if (!sockets_.in_use(id) && !(sockets_.passed_on(id) && seat.closing.seen()))
      unused.push_back(id);
    else if (sockets_.is_only_under_way(id))
      seat.closing = moment;  // the kernel lets go of it when that call returns
  }
  for (const uint64_t id : unused)
    if (const auto seat = seats_.find(id); seat != seats_.end())
      closed(seat->second, CallMoment(last_of(seat->second, moment)));
  end_listeners(moment);
}

// Listeners ---------------------------------------------------------------------------------------

void Joiner::listens(const Event& event, const Socket& socket) {
  auto local = endpoint_on_wire(socket.local);
  if (!local || local->port == 0) return;
  const auto same = [&](const Listener& each) { return each.socket == socket.id; };
  if (std::ranges::any_of(listeners_, same)) return;
  if (listeners_.size() >= kMostListeners) listeners_.erase(listeners_.begin());
  listeners_.push_back({.local = *std::move(local),
                        .socket = socket.id,
                        .pid = event.pid,
                        .program = programs_[event.process],
                        .begin_ns = event.time_ns});
}

void Joiner::end_listeners(const CallMoment& moment) {
  for (Listener& each : listeners_)
    if (!each.end.seen() && !sockets_.in_use(each.socket)) each.end = moment;
}

// Whose server was not seen, although its listener was. An address that another host may have as
// well says nothing.
void Joiner::name_listener(Talk& talk) const {
  Party& party = talk.party(Role::Server);
  if (expected_.cut_off) return;  // it may have accepted it later
  if (!talk.on_wire || party.state == Party::State::Traced || party.traced_in != 0 ||
      talk.is_of_one_socket() || talk.handshake.state != HandshakeState::Complete)
    return;
  const Endpoint client = endpoint_of(talk.key.end(talk.client_side), talk.key.version);
  const Endpoint server = endpoint_of(talk.key.end(other(talk.client_side)), talk.key.version);
  const bool is_local = client.address == server.address || is_loopback(server);
  const auto listens_there = [&](const Listener& each) {
    if (each.local.port != server.port || each.begin_ns > talk.first_ns) return false;
    if (each.end.seen() && each.end.begin_ns < talk.first_ns) return false;
    return each.local.address == server.address || (is_local && is_any(each.local));
  };
  const auto found = std::ranges::find_if(listeners_, listens_there);
  if (found == listeners_.end()) return;
  party.never_accepted = true;
  party.pid = found->pid;
  party.program = found->program;
  party.end = found->end;
}

void Joiner::finish() {
  if (expected_.cut_off) datagrams_.lost_calls();
  datagrams_.finish();
  calls_ended_ = true;
  std::vector<Talk*> talks;
  for (const auto& [id, talk] : talks_) talks.push_back(talk.get());
  for (Talk* talk : talks) {
    for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
      talk->lane(direction).sends.close();
      talk->lane(direction).receives.close();
    }
    end_if_over(*talk);
  }
}

}  // namespace wireseam
