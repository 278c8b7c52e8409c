// SPDX-License-Identifier: Apache-2.0
// The calls' half of the joiner: which socket is an end of which conversation, and what its calls
// moved. How ends end is joiner_ends.cc.
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <optional>
#include <utility>

#include "inspector/join/call_facts.h"
#include "inspector/join/ends.h"
#include "inspector/join/names.h"
#include "inspector/join/talk.h"
#include "tracer/trace/movement.h"

namespace wireseam {
namespace {

constexpr uint64_t kClocksApartNs = 10'000'000;  // those of calls and packets, at most

bool is_inet(const Socket& socket) { return socket.domain == AF_INET || socket.domain == AF_INET6; }

// Calls that close other descriptors than the one that they name.
bool closes_others(const CallEvent& call) {
  return call.number == CallNumber::close_range || call.number == CallNumber::closefrom ||
         call.number == CallNumber::dup2 || call.number == CallNumber::dup3;
}

// RFC 7413: a send may connect.
bool connects(const CallEvent& call) {
  return call.number == CallNumber::connect ||
         (argument(call, ParameterKind::MessageFlags).value_or(0) & MSG_FASTOPEN) != 0;
}

// Where a connect or a send was told to go.
std::optional<Endpoint> destination(const CallEvent& call) {
  const auto parameters = call.info->parameters();
  for (const Blob& blob : call.blobs) {
    if (blob.parameter >= parameters.size()) continue;
    const bool is_address =
        parameters[blob.parameter].kind == ParameterKind::AddressIn && blob.part == BlobPart::Value;
    if (is_address || blob.part == BlobPart::Name) return endpoint_on_wire(blob.bytes);
  }
  return std::nullopt;
}

bool is_refusal(const CallEvent& call) {
  return connects(call) && call.failed() && call.errnum != EINPROGRESS && call.errnum != EISCONN &&
         call.errnum != EALREADY && call.errnum != EINTR;
}

}  // namespace

void Joiner::event(const Event& event) {
  hand_over_late(event.time_ns);
  if (const auto* lost = std::get_if<LostEvent>(&event.what)) {
    losses_.time_ns = event.time_ns;
    losses_.calls = lost->count;
    sink_.dropped(losses_);
  }
  const auto* begin = std::get_if<ProcessBeginEvent>(&event.what);
  if (begin != nullptr) programs_[event.process] = begin->name;
  const CallSockets about = sockets_.apply(event);
  if (begin != nullptr && begin->cause == ProcessCause::Exec)
    close_unused({.name = "(exec)", .pid = event.pid, .begin_ns = event.time_ns});
  if (const auto* call = std::get_if<CallEvent>(&event.what))
    this->call(event, *call, about);
  else if (std::holds_alternative<LostEvent>(event.what))
    lost_calls();
  else if (std::holds_alternative<ProcessEndEvent>(event.what))
    close_unused({.name = "(end of the process)", .pid = event.pid, .begin_ns = event.time_ns});
}

// A call that others overtake: which of them was first is a guess.
void Joiner::running(const Event& event) {
  sockets_.running(event);
  const auto* call = std::get_if<CallEvent>(&event.what);
  if (call == nullptr || call->info == nullptr) return;
  const auto way = way_of(*call);
  if (!way) return;
  const Socket* socket =
      sockets_.find(event.process, event.tid, static_cast<int>(call->arguments[0]));
  const auto seat = socket != nullptr ? seats_.find(socket->id) : seats_.end();
  if (seat == seats_.end()) return;
  seat->second.talk->calls_under_way(seat->second.role, *way).threads.push_back(event.tid);
}

void Joiner::call(const Event& event, const CallEvent& call, const CallSockets& about) {
  if (call.info == nullptr || call.state == CallState::Running) return;
  if (call.state == CallState::CutOff) return cut_off(call, about);
  call_ns_ = event.time_ns;
  const CallMoment moment = moment_of(event, call);
  for (const CallSockets::Made& made : about.made) made_socket(event, *made.socket, moment);
  if (call.number == CallNumber::socketpair && about.made.size() == 2)
    seat_pair(*about.made[0].socket, *about.made[1].socket);
  if (about.socket != nullptr) of_socket(event, call, about, moment);
  if (closes_others(call)) close_unused(moment);
}

void Joiner::of_socket(const Event& event, const CallEvent& call, const CallSockets& about,
                       const CallMoment& moment) {
  if (DatagramJoiner::takes(*about.socket)) datagrams_.call(event, call, about);
  if (!about.socket->is_stream()) return;
  if (call.number == CallNumber::listen && !call.failed()) listens(event, *about.socket);
  if (connects(call) && !is_refusal(call)) failed_.erase(about.socket->id);
  if (call.number == CallNumber::connect) leave_association(*about.socket, moment);
  if (is_refusal(call)) {
    if (!has_failed(event, call, *about.socket)) refused(event, call, *about.socket);
    return;
  }
  Seat* seat = may_take_seat(*about.socket, call) ? seat_of(*about.socket) : nullptr;
  if (seat == nullptr) seat = seat_of_interrupted(event, call, *about.socket);
  if (seat != nullptr)
    took_part(event, call, about, *seat);
  else if (about.socket->role != SocketRole::Listener)
    sink_.called(about.socket->id, nullptr, Role::Client);
  if (call.info->result == ResultKind::Closed) end_listeners(moment);
}

// What a call of one of the ends did.
void Joiner::took_part(const Event& event, const CallEvent& call, const CallSockets& about,
                       Seat& seat) {
  Party& party = seat.talk->party(seat.role);
  ++party.calls;
  if (party.program.empty()) name_program(party, event);
  if (connects(call) && !party.begin.seen()) party.begin = moment_of(event, call);
  if (call.number == CallNumber::shutdown && !call.failed() && !party.shutdown.seen() &&
      !party.calls_lost)
    party.shutdown = moment_of(event, call);
  party.options = about.socket->options;
  sink_.called(about.socket->id, seat.talk, seat.role);
  if (about.transfer)
    moved(event, call, about, seat);
  else if (const auto way = way_of(call))
    moved_nothing(event, call, seat, *way);
  if (call.info->result == ResultKind::Closed) {
    seat.closing = moment_of(event, call);
    // Of MPTCP the kernel counts the end of the stream as a byte (Linux 6.18).
    if (about.socket->protocol == IPPROTO_MPTCP) seat.closing.unread.reset();
  }
  if (party.open && seat.closing.seen() && !sockets_.in_use(*about.socket))
    closed(seat, CallMoment(seat.closing));
}

void Joiner::made_socket(const Event& event, const Socket& socket, const CallMoment& moment) {
  if (socket.type == SOCK_SEQPACKET) datagrams_.accepted(socket, moment.begin_ns, moment.end_ns());
  if (!socket.is_stream()) return;
  if (socket.role == SocketRole::Unknown) sink_.called(socket.id, nullptr, Role::Client);
  if (socket.role != SocketRole::Server) return;
  Seat* seat = seat_of(socket);
  if (seat == nullptr) return;
  Party& party = seat->talk->party(seat->role);
  if (party.begin.seen()) return;
  name_program(party, event);
  party.begin = moment;
  party.options = socket.options;
  sink_.called(socket.id, seat->talk, seat->role);
}

void Joiner::name_program(Party& party, const Event& event) {
  party.pid = event.pid;
  party.program = programs_[event.process];
}

// Whose call it was ------------------------------------------------------------------------------

// What comes back after the last close of its socket, whose conversation may be over, begins none.
bool Joiner::may_take_seat(const Socket& socket, const CallEvent& call) const {
  if (failed_.contains(socket.id)) return false;
  return seats_.contains(socket.id) || sockets_.in_use(socket) ||
         call.info->result == ResultKind::Closed;
}

Joiner::Seat* Joiner::seat_of(const Socket& socket) {
  const auto known = seats_.find(socket.id);
  if (known != seats_.end()) return &known->second;
  if (!socket.is_stream() || socket.role == SocketRole::Listener) return nullptr;
  if (is_inet(socket)) return seat_by_address(socket);
  return socket.domain == AF_UNIX ? seat_by_name(socket) : nullptr;
}

Joiner::Seat* Joiner::seat_by_address(const Socket& socket) {
  const auto local = endpoint_on_wire(socket.local);
  const auto peer = endpoint_on_wire(socket.peer);
  if (!local || !peer || local->port == 0) return nullptr;
  const FlowKeyAndSide flow = key_of(*local, *peer);
  Talk* talk = talk_for(socket, flow, *local);
  if (talk == nullptr) {
    talk = talk_behind_translation(socket, *local);
    if (talk != nullptr) return &take_seat(socket, *talk, Role::Client);
  }
  if (talk == nullptr) {
    talk = &make_talk(take_id_(), Medium::Tcp);
    set_ends(*talk, flow.key, socket.role == SocketRole::Server ? other(flow.sender) : flow.sender);
    leave_wire(*talk);
  }
  return &take_seat(socket, *talk, role_of(*local, *talk, flow.sender));
}

// This host sends what goes to the peer somewhere else (DNAT): nobody else has the client's end,
// and its SYN left while it connected.
Joiner::Talk* Joiner::talk_behind_translation(const Socket& socket, const Endpoint& local) const {
  const auto found = by_client_.find(local);
  if (found == by_client_.end() || socket.role != SocketRole::Client) return nullptr;
  Talk& talk = *found->second;
  const bool is_it = talk.party(Role::Client).state == Party::State::Expected &&
                     talk.counts_from_start() && talk.first_ns + kClocksApartNs > call_ns_;
  return is_it ? &talk : nullptr;
}

// Where addresses are translated the sides of the socket's tuple are not the talk's.
Role Joiner::role_of(const Endpoint& local, const Talk& talk, Side local_side) {
  if (!talk.translated.has()) return talk.client_side == local_side ? Role::Client : Role::Server;
  const auto is = [&](const FlowKey& key, Side side) {
    return endpoint_of(key.end(side), key.version) == local;
  };
  const bool is_client =
      is(talk.key, talk.client_side) || is(talk.translated.key, talk.translated.client);
  return is_client ? Role::Client : Role::Server;
}

// Of several that had the same ports one after the other, the newest; but connections wait for
// accept(2) in the order in which they were made.
Joiner::Talk* Joiner::talk_for(const Socket& socket, const FlowKeyAndSide& flow,
                               const Endpoint& local) {
  const auto found = by_tuple_.find(tuple_key(flow.key));
  if (found == by_tuple_.end()) return nullptr;
  const auto fits = [&](const Talk* talk) {
    const Role role = role_of(local, *talk, flow.sender);
    return talk->party(role).state == Party::State::Expected && talk->counts_from_start();
  };
  const std::vector<Talk*>& same = found->second;
  if (socket.role != SocketRole::Server) return fits(same.back()) ? same.back() : nullptr;
  const auto oldest = std::ranges::find_if(same, fits);
  return oldest != same.end() ? *oldest : nullptr;
}

Joiner::Seat* Joiner::seat_by_name(const Socket& socket) {
  const bool is_client = socket.role == SocketRole::Client;
  if (!is_client && socket.role != SocketRole::Server) return nullptr;
  const auto name = endpoint_from_sockaddr(is_client ? socket.peer : socket.local);
  if (!name) return nullptr;
  const Role role = is_client ? Role::Client : Role::Server;
  Named& named = by_name_[to_string(*name)];
  ++named.taken[static_cast<size_t>(role)];
  if (is_client) leave_to_strangers(named.waiting);
  const auto first = std::ranges::find_if(named.waiting, [&](const Talk* talk) {
    return talk->party(role).state == Party::State::Expected;
  });
  if (first == named.waiting.end()) return &begin_unix_talk(socket, to_string(*name), role);
  Talk& talk = **first;
  named.waiting.erase(first);
  return &take_seat(socket, talk, role);
}

// Who was accepted before the client that comes now connected is of somebody else.
void Joiner::leave_to_strangers(std::vector<Talk*>& waiting) {
  const auto is_older = [&](const Talk* talk) {
    const CallMoment& accepted = talk->party(Role::Server).begin;
    return accepted.seen() && accepted.end_ns() < call_ns_;
  };
  const auto older = std::stable_partition(waiting.begin(), waiting.end(), std::not_fn(is_older));
  std::for_each(older, waiting.end(), [&](Talk* talk) { leave_untraced(*talk, Role::Client); });
  waiting.erase(older, waiting.end());
}

Joiner::Seat& Joiner::begin_unix_talk(const Socket& socket, const std::string& name, Role role) {
  Talk& talk = make_unix_talk(name);
  const Role peer = role == Role::Client ? Role::Server : Role::Client;
  Named& named = by_name_[name];
  if (!expected_.named || expected_.named(name, peer) > named.taken[static_cast<size_t>(peer)])
    named.waiting.push_back(&talk);
  else
    leave_untraced(talk, peer);
  return take_seat(socket, talk, role);
}

void Joiner::seat_pair(const Socket& first, const Socket& second) {
  if (!first.is_stream()) return datagrams_.paired(first, second);
  Talk& talk = make_unix_talk("(pair)");
  take_seat(first, talk, Role::Client);
  take_seat(second, talk, Role::Server);
}

Joiner::Talk& Joiner::make_unix_talk(const std::string& name) {
  Talk& talk = make_talk(take_id_(), Medium::Unix);
  talk.client = "(unnamed)";
  talk.server = name;
  leave_wire(talk);
  return talk;
}

// No packets will come.
void Joiner::leave_wire(Talk& talk) {
  for (Alignment& lane : talk.lanes) lane.segments.close();
}

Joiner::Seat& Joiner::take_seat(const Socket& socket, Talk& talk, Role role) {
  be_an_end(socket, talk, role);
  if (talk.is_of_one_socket()) be_an_end(socket, talk, Role::Server);
  return seats_[socket.id] = {.talk = &talk, .role = role, .association = socket.association};
}

void Joiner::be_an_end(const Socket& socket, Talk& talk, Role role) {
  Party& party = talk.party(role);
  party.state = Party::State::Traced;
  party.socket = socket.id;
  party.open = true;
  if (!socket.exact) doubt_all(talk, role, Doubt::OlderSocket);
}

// How an attempt ended that went on when its connect(2) returned is told by another one.
bool Joiner::has_failed(const Event& event, const CallEvent& call, const Socket& socket) {
  const auto known = seats_.find(socket.id);
  if (known == seats_.end()) return false;
  Seat seat = known->second;
  const CallMoment& begin = seat.talk->party(seat.role).begin;
  if (begin.errnum != EINPROGRESS && begin.errnum != EINTR) return false;
  took_part(event, call, {.fd = -1, .socket = &socket, .transfer = {}, .made = {}}, seat);
  seats_.erase(known);
  failed_.insert(socket.id);
  closed(seat, moment_of(event, call));
  return true;
}

// The one whose SYN left for the peer while that connect(2) was made.
Joiner::Talk* Joiner::attempt_of(const Endpoint& peer, const CallMoment& connect) const {
  Talk* newest = nullptr;
  for (const auto& [id, talk] : talks_)
    if (talk->on_wire && talk->server == to_string(peer) &&
        talk->party(Role::Client).state != Party::State::Traced &&
        connect.begin_ns <= talk->first_ns && talk->first_ns <= connect.end_ns())
      newest = talk.get();
  return newest;
}

// A signal came, and the attempt goes on; its local end is not known.
Joiner::Seat* Joiner::seat_of_interrupted(const Event& event, const CallEvent& call,
                                          const Socket& socket) {
  const auto peer = destination(call);
  if (call.errnum != EINTR || !connects(call) || !peer || !is_inet(socket)) return nullptr;
  Talk* talk = attempt_of(*peer, moment_of(event, call));
  return talk != nullptr ? &take_seat(socket, *talk, Role::Client) : nullptr;
}

// The kernel takes the port back from a socket whose connect failed, so that only the peer's
// address and the time tell which attempt it was.
void Joiner::refused(const Event& event, const CallEvent& call, const Socket& socket) {
  const auto peer = destination(call);
  if (!peer || !is_inet(socket)) return;
  const CallMoment moment = moment_of(event, call);
  Talk* talk = attempt_of(*peer, moment);
  if (talk == nullptr) {
    talk = &make_talk(take_id_(), Medium::Tcp);
    talk->client = "-";
    talk->server = to_string(*peer);
    talk->first_ns = moment.begin_ns;
    leave_wire(*talk);
    leave_untraced(*talk, Role::Server);
  }
  Party& party = talk->party(Role::Client);
  party.state = Party::State::Traced;
  party.begin = moment;
  party.calls = 1;
  name_program(party, event);
  sink_.called(socket.id, talk, Role::Client);
  end_if_over(*talk);
}

}  // namespace wireseam
