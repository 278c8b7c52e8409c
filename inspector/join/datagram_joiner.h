// SPDX-License-Identifier: Apache-2.0
// Lays the calls that send and receive datagrams beside the packets that carry them.
//
// A datagram is known again by its ends as far as they are known, its length and its first bytes;
// of several that are alike the oldest is taken, for sockets are queues. What a call, a packet or
// another call tells is put together in whatever order it becomes known. When nothing more is to be
// expected the datagram is handed on. It is lost when its receiver has closed its socket, or has
// received what came later a while ago: only the network, and no queue, changes the order, and not
// by much.
//
// One send may be several datagrams (UDP_SEGMENT), which lie in one packet where the interface cuts
// it later or, as loopback, never: a receive that is a part of such a packet shows it. A datagram
// to a group is received by many.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "inspector/join/datagram_calls.h"
#include "inspector/join/datagram_queue.h"
#include "inspector/join/report_sink.h"
#include "inspector/join/unix_ends.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

class DatagramJoiner {
 public:
  // All must outlive it. `take_id` gives the id of a talk without packets.
  DatagramJoiner(ReportSink& sink, const SocketTable& sockets,
                 const std::function<uint64_t()>& take_id)
      : sink_(sink), sockets_(sockets), take_id_(take_id) {}

  void begun(const Connection& connection);
  // Nothing of it has come for a while: tells of it, and forgets it.
  void ended(const Connection& connection);
  void packet(const Connection& connection, Direction direction, const StreamPiece& piece);

  // An ICMP message about a datagram.
  void unreachable(const IcmpError& error);

  // Whether that socket's messages are datagrams that are joined here.
  static bool takes(const Socket& socket);
  // Any call about one of them.
  void call(const Event& event, const CallEvent& call, const CallSockets& about);
  // A pair of UNIX sockets, or one that was accepted.
  void paired(const Socket& first, const Socket& second) { unix_.pair(first, second); }
  void accepted(const Socket& socket, uint64_t begin_ns, uint64_t end_ns) {
    met(unix_.connected(socket, begin_ns, end_ns));
  }

  // The trace says that it lacks calls.
  void lost_calls();

  // It is that time: hands on what nothing is to be added to.
  void advance(uint64_t now_ns);

  // No more calls will come, and no more packets.
  void finish();

 private:
  using Pending = PendingDatagram;
  using Place = DatagramQueue::Place;
  struct Flow {
    DatagramTalk* talk = nullptr;
    Direction direction = Direction::ToServer;
  };
  // A datagram that was handed on, for those that come again or late.
  struct Past {
    uint64_t number = 0;
    uint64_t size = 0;
    std::vector<std::byte> begin;
    std::vector<uint64_t> receivers;
    uint64_t sent_ns = 0;  // 0: its send was not seen
    uint64_t arrived_ns = 0;
  };
  using Ends = std::pair<std::string, std::string>;  // from, to

  static uint64_t arrived_ns(const Pending& pending);
  static Ends ends_of(const Pending& pending);
  Pending pending_of(const Socket& socket, DatagramCall& made);
  void learn(const Event& event, const CallEvent& call, const Socket& socket);
  void told(const Event& event, const CallEvent& call, const Socket& socket);
  void add_calls(const Socket& socket, std::vector<DatagramCall> calls);
  bool is_whole(const Socket& socket, DatagramCall& made);
  std::optional<Pending> take_packet_of(const Pending& first);
  static void be_in_packet_of(const Pending& whole, Pending& part);
  bool lies_in_packet_of(const Pending& seen);
  void add(Pending seen);
  std::optional<Place> place_of(Pending& seen);
  std::optional<Place> place_for(const Pending& seen);
  std::optional<Place> place_beside_others(const Pending& seen);
  bool cut_packet_of(const Pending& seen);
  void gather_receives(Place place);
  void note_names(const Pending& pending);

  // Whose peer a UNIX socket is.
  void met(UnixEnds::Met met);
  void check_peer(Pending& seen);
  void part(uint64_t socket);
  void part_from_strangers(uint64_t until_ns);
  uint64_t strange_end(const Pending& pending);
  void find_anew(uint64_t sender);
  bool awaits_accept(const Pending& pending, uint64_t now_ns) const;

  bool is_settled(Pending& pending, uint64_t now_ns);
  bool has_receiver(const Pending& pending) const;
  void hand_over(std::vector<Pending> settled);
  void hand_over(Pending& pending);
  void judge(Pending& pending, std::deque<Past>& before) const;
  bool awaits_error(const Pending& pending, uint64_t now_ns) const;
  bool may_come_back(const Pending& pending, uint64_t now_ns) const;
  bool is_end_of_stream(const Pending& pending) const;
  Flow& flow_of(const Pending& pending);
  void tell(const DatagramTalk& talk);

  ReportSink& sink_;
  const SocketTable& sockets_;
  const std::function<uint64_t()>& take_id_;
  DatagramQueue pending_;
  UnixEnds unix_;
  std::unordered_map<uint64_t, Endpoint> names_;           // of traced sockets, by id
  std::unordered_map<uint64_t, uint64_t> segment_sizes_;   // by UDP_SEGMENT, by id
  std::unordered_map<uint64_t, DatagramCall> unfinished_;  // more is to be added, by id
  std::map<Ends, uint64_t> received_;                      // order of the newest that was received
  std::map<Ends, Flow> flows_;
  std::map<Ends, std::deque<Past>> past_;   // the newest
  std::map<uint64_t, DatagramTalk> talks_;  // by id
  uint64_t batches_ = 0;
  uint64_t swept_ns_ = 0;
  bool has_packets_ = false;
};

}  // namespace wireseam
