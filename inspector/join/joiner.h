// SPDX-License-Identifier: Apache-2.0
// Lays the calls of programs beside the packets between them. Packets' findings come in as those of
// any capture, calls as events of a trace, both in the order of their time; all of it goes on to
// one sink, frames with the calls and packets beside them.
//
// A socket finds its conversation by the full tuple of its addresses, a UNIX socket by the name
// that was connected to: connections are accepted in the order in which they were made. From there
// on offsets alone decide what belongs to what: the sequence number less the initial one on the
// wire, the sum of results in the calls.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "common/endpoint.h"
#include "inspector/join/conversation.h"
#include "inspector/join/datagram_joiner.h"
#include "inspector/join/expectation.h"
#include "inspector/join/newest_bytes.h"
#include "inspector/join/report_sink.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

class Joiner final : public ReportSink, public EventSink {
 public:
  // `rules` and `sink` must outlive it. `take_id` gives the next id of a connection to a
  // conversation without packets. Without an expectation every end's calls may still come.
  Joiner(const FramingRules& rules, ReportSink& sink, std::function<uint64_t()> take_id,
         Expectation expected = {});
  ~Joiner() override;

  void event(const Event& event) override;
  void running(const Event& event) override;
  // All before that time is known, while nothing comes.
  void pass_time(uint64_t now_ns);
  // Calls wait at most so long for the frames and the other end's calls that lie beside them; for
  // ever unless it is said.
  void wait_at_most(uint64_t patience_ns) { patience_ns_ = patience_ns; }
  // The trace has ended: no calls will come any more.
  void finish() override;

  void begun(const Connection& connection) override;
  void handshake(const Connection& connection) override;
  void segment(const Connection& connection, const Segment& segment, const Seams* seams) override;
  void note(const Connection& connection, const Note& note) override;
  void frame(const Connection& connection, Direction direction, const Frame& frame,
             const Framing* framing) override;
  void unframed(const Connection& connection, Direction direction, uint64_t end) override;
  void undecoded(const Connection& connection, Direction direction, const Undecoded& undecoded,
                 uint64_t packet) override;
  void data(const Connection& connection, Direction direction, const StreamPiece& piece) override;
  void gap(const Connection& connection, Direction direction, ByteRange missing) override;
  void closing(const Connection& connection, uint64_t packet, uint64_t time_ns) override;
  void ended(const Connection& connection, const ConnectionFrames* frames,
             EndReason reason) override;
  void icmp_error(const IcmpError& error) override;
  void dropped(const CaptureLosses& losses) override;
  void summary(const CaptureSummary& summary) override;

 private:
  class HandOver;
  struct Talk;  // a conversation, and what is known while it goes on
  struct Move;
  struct Seat {
    Talk* talk = nullptr;
    Role role = Role::Client;
    uint32_t association = 0;  // the socket's, which may be connected anew later
    CallMoment closing{};      // the last close of one of its descriptors
  };
  class FrameLane;
  // A direction in which calls wait to be handed over.
  struct Waiting {
    uint64_t since_ns = 0;
    uint64_t talk = 0;  // id
    Direction direction = Direction::ToServer;
  };
  struct Listener {
    Endpoint local;
    uint64_t socket = 0;
    uint32_t pid = 0;
    std::string program;
    uint64_t begin_ns = 0;
    CallMoment end{};
  };
  // Conversations with a UNIX socket.
  struct Named {
    std::vector<Talk*> waiting;     // for the other end
    std::array<size_t, 2> taken{};  // seats, by Role
  };
  using TupleKey = std::tuple<AddressWords, AddressWords, uint16_t, uint16_t, IpVersion>;

  static TupleKey tuple_key(const FlowKey& key);
  Talk* talk_of(const Connection& connection);
  Talk& make_talk(uint64_t id, Medium medium);
  void set_ends(Talk& talk, const FlowKey& key, Side client);
  void ask_for_calls(Talk& talk);
  static void leave_untraced(Talk& talk, Role role);
  static void leave_wire(Talk& talk);
  static void note_before(Talk& talk, Direction direction, WireSpan& span);
  Talk* waiting_for_wire(const Connection& connection);
  void take_wire(Talk& talk, const Connection& connection);
  void keep_calls_apart(Talk& talk);
  void settle(Talk& talk, Direction direction);
  void hand_over_late(uint64_t now_ns);
  void note_waiting(Talk& talk, Direction direction);
  void end_if_over(Talk& talk);
  void end(Talk& talk);

  void call(const Event& event, const CallEvent& call, const CallSockets& about);
  void of_socket(const Event& event, const CallEvent& call, const CallSockets& about,
                 const CallMoment& moment);
  void took_part(const Event& event, const CallEvent& call, const CallSockets& about, Seat& seat);
  void made_socket(const Event& event, const Socket& socket, const CallMoment& moment);
  void listens(const Event& event, const Socket& socket);
  void end_listeners(const CallMoment& moment);
  void name_listener(Talk& talk) const;
  void look_for_twin(Talk& talk);
  void name_twin(Talk& talk);
  void name_program(Party& party, const Event& event);
  Seat* seat_of(const Socket& socket);
  bool may_take_seat(const Socket& socket, const CallEvent& call) const;
  Seat* seat_by_address(const Socket& socket);
  static Role role_of(const Endpoint& local, const Talk& talk, Side local_side);
  Talk* talk_behind_translation(const Socket& socket, const Endpoint& local) const;
  Talk* talk_for(const Socket& socket, const FlowKeyAndSide& flow, const Endpoint& local);
  void note_translation(Talk& talk, const Connection& connection);
  Seat* seat_by_name(const Socket& socket);
  void leave_to_strangers(std::vector<Talk*>& waiting);
  Seat& begin_unix_talk(const Socket& socket, const std::string& name, Role role);
  void seat_pair(const Socket& first, const Socket& second);
  Talk& make_unix_talk(const std::string& name);
  Seat& take_seat(const Socket& socket, Talk& talk, Role role);
  void be_an_end(const Socket& socket, Talk& talk, Role role);
  Talk* attempt_of(const Endpoint& peer, const CallMoment& connect) const;
  Seat* seat_of_interrupted(const Event& event, const CallEvent& call, const Socket& socket);
  bool has_failed(const Event& event, const CallEvent& call, const Socket& socket);
  void refused(const Event& event, const CallEvent& call, const Socket& socket);
  void moved(const Event& event, const CallEvent& call, const CallSockets& about, Seat& seat);
  bool find_place(Move& move);
  void lay(Move& move);
  void hold(const Move& move);
  void place_held(Talk& talk, Role role, Way way);
  void place_all_held(Talk& talk);
  static std::optional<size_t> next_held(Talk& talk, Role role, Way way);
  void lay_held(Talk& talk, Role role, Way way, size_t next);
  void leave_held_unplaced(Talk& talk, Role role, Way way);
  void lay_held_in_order(Talk& talk, Role role, Way way);
  void cut(const Move& move);
  void end_frames(Talk& talk);
  void leave_association(const Socket& socket, const CallMoment& moment);
  static const CallMoment& last_of(const Seat& seat, const CallMoment& noticed);
  void closed(Seat& seat, const CallMoment& moment);
  void close_passed_on(Talk& talk);
  static void close_end(Talk& talk, Role role, const CallMoment& moment);
  void close_unused(const CallMoment& moment);

  // Where calls lie, and when that is not known any more.
  Doubt contradiction(const Move& move) const;
  Doubt contradiction_of_send(const Move& move) const;
  Doubt contradiction_of_receive(const Move& move) const;
  Likeness likeness(const Move& move) const;
  bool find_again(Move& move);
  uint64_t earliest_place(const Move& move) const;
  void keep_bytes(const Move& move);
  void check_bytes(Talk& talk, Direction direction);
  void check_times(Talk& talk, Direction direction, const WireSpan& segment);
  void returned_nothing(const Move& move);
  void moved_nothing(const Event& event, const CallEvent& call, Seat& seat, Way way);
  void cut_off(const CallEvent& call, const CallSockets& about);
  void doubt(Talk& talk, Role role, Way way, Doubt why);
  bool has_strangers(const Talk& talk) const;
  void doubt_all(Talk& talk, Role role, Doubt why);
  void lost_calls();
  void check_sums(Talk& talk);
  void count_unplaced(const Talk& talk);
  Doubt doubt_of_sends(const Talk& talk, Role role) const;
  Doubt doubt_of_receives(const Talk& talk, Role role) const;

  const FramingRules& rules_;
  ReportSink& sink_;
  std::function<uint64_t()> take_id_;
  Expectation expected_;
  SocketTable sockets_;
  DatagramJoiner datagrams_;
  std::unordered_map<uint32_t, std::string> programs_;  // by index of the process
  std::vector<Talk*> by_slot_;                          // of those on the wire
  std::map<TupleKey, std::vector<Talk*>> by_tuple_;     // in the order of their beginning
  std::map<Endpoint, Talk*> by_client_;                 // the newest on the wire
  uint64_t call_ns_ = 0;                                // when the call that is looked at began
  std::map<std::string, Named> by_name_;                // UNIX
  std::unordered_map<uint64_t, Seat> seats_;            // by id of the socket
  std::map<uint64_t, std::unique_ptr<Talk>> talks_;     // by id
  std::unordered_set<uint64_t> failed_;  // ids of sockets whose attempt to connect has failed
  std::vector<Listener> listeners_;
  // By both initial sequence numbers, which no translation of addresses changes.
  std::map<std::pair<uint32_t, uint32_t>, Talk*> by_numbers_;
  uint64_t patience_ns_ = UINT64_MAX;
  std::deque<Waiting> waiting_;  // about in the order of their time
  CaptureLosses losses_;
  UnplacedTotals unplaced_;
  bool calls_ended_ = false;
};

}  // namespace wireseam
