// SPDX-License-Identifier: Apache-2.0
// How the ends of conversations end, as their calls tell: by a close, with their process, or
// because their socket is connected anew.
#include <algorithm>
#include <utility>
#include <vector>

#include "inspector/join/talk.h"

namespace wireseam {
namespace {

constexpr uint64_t kClockSlackNs = 100'000;  // between those of calls and packets

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
  close_end(talk, seat.role, moment);
  if (talk.is_of_one_socket()) close_end(talk, Role::Server, moment);
  end_if_over(talk);
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
  for (auto& [id, seat] : seats_)
    if (seat.talk->party(seat.role).open && !sockets_.in_use(id)) unused.push_back(id);
  for (const uint64_t id : unused)
    if (const auto seat = seats_.find(id); seat != seats_.end())
      closed(seat->second, CallMoment(last_of(seat->second, moment)));
}

void Joiner::finish() {
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
