// SPDX-License-Identifier: Apache-2.0
// Lays the calls that send and receive datagrams beside the packets that carry them.
//
// A datagram is known again by its ends as far as they are known, its length and its first bytes;
// of several that are alike the oldest is taken, for sockets are queues. What a call, a packet or
// another call tells is put together in whatever order it becomes known. When nothing more is to be
// expected the datagram is handed on. It is lost when its receiver has closed its socket, or has
// received what came later a while ago: only the network, and no queue, changes the order, and not
// by much.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "inspector/join/datagram_calls.h"
#include "inspector/join/report_sink.h"
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

  // Any call about a socket of UDP.
  void call(const Event& event, const CallEvent& call, const CallSockets& about);

  // It is that time: hands on what nothing is to be added to.
  void advance(uint64_t now_ns);

  // No more calls will come, and no more packets.
  void finish();

 private:
  // What is known of a datagram so far.
  struct Pending {
    Datagram datagram;
    uint64_t order = 0;  // in which they became known
    std::optional<Endpoint> from;
    std::optional<Endpoint> to;
    std::vector<std::byte> begin;
    bool is_cut = false;  // its size may be more
    uint64_t sender = 0;  // id of the socket that sent it; 0: not seen
    uint64_t receiver = 0;
    uint64_t newest_ns = 0;
    uint64_t overtaken_ns = 0;  // when it was known that a later one was received; 0: none
    bool has_receiver = false;  // the calls of its receiver are seen
  };
  struct Flow {
    DatagramTalk* talk = nullptr;
    Direction direction = Direction::ToServer;
  };
  // A datagram that was handed on, for those that come again or late.
  struct Past {
    uint64_t number = 0;
    uint64_t size = 0;
    std::vector<std::byte> begin;
    uint64_t sent_ns = 0;  // 0: its send was not seen
    uint64_t arrived_ns = 0;
  };
  using Ends = std::pair<std::string, std::string>;  // from, to

  static bool fits(const Pending& pending, const Pending& seen);
  static bool times_fit(const Datagram& one, const Datagram& other);
  static void merge(Pending& into, Pending& seen);
  static uint64_t arrived_ns(const Pending& pending);
  static Ends ends_of(const Pending& pending);
  void add(Pending seen);
  void note_names(const Pending& pending);

  bool is_settled(Pending& pending, uint64_t now_ns);
  bool has_receiver(const Pending& pending) const;
  void hand_over(std::vector<Pending> settled);
  void hand_over(Pending& pending);
  void judge(Pending& pending, std::deque<Past>& before) const;
  Flow& flow_of(const Pending& pending);
  void tell(const DatagramTalk& talk);

  ReportSink& sink_;
  const SocketTable& sockets_;
  const std::function<uint64_t()>& take_id_;
  std::deque<Pending> pending_;                   // in the order in which they became known
  std::unordered_map<uint64_t, Endpoint> names_;  // of traced sockets, by id
  std::map<Ends, uint64_t> received_;             // order of the newest that was received
  std::map<Ends, Flow> flows_;
  std::map<Ends, std::deque<Past>> past_;   // the newest
  std::map<uint64_t, DatagramTalk> talks_;  // by id
  uint64_t order_ = 0;
  uint64_t swept_ns_ = 0;
  bool has_packets_ = false;
};

}  // namespace wireseam
