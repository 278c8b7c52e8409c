// SPDX-License-Identifier: Apache-2.0
// Datagrams of which not all that is to be expected has become known, in the order in which they
// became known, found again by what they lack. Each is filed under the name that it goes to, so
// that a socket whose datagrams nobody reads costs the others nothing.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/endpoint.h"
#include "inspector/join/datagram.h"

namespace wireseam {

enum class DatagramPart : uint8_t { Send, Packet, Receive };

// One send or packet that is several datagrams (UDP_SEGMENT).
struct DatagramBatch {
  uint64_t id = 0;    // 0: none
  uint64_t size = 0;  // bytes of all of them
};

// What is known of a datagram so far.
struct PendingDatagram {
  Datagram datagram;
  uint64_t order = 0;  // in which they became known
  std::optional<Endpoint> from;
  std::optional<Endpoint> to;
  std::vector<std::byte> begin;
  bool is_cut = false;         // its size may be more
  bool is_to_many = false;     // to a broadcast address, as its packet or its sender tells
  bool from_is_guess = false;  // its sender's name is that of the peer that the receiver has now
  DatagramBatch batch;         // that it is a part of
  uint64_t sender = 0;         // id of the socket that sent it; 0: not seen
  std::vector<uint64_t> receivers;  // several only of a datagram to a group
  uint64_t newest_ns = 0;
  uint64_t overtaken_ns = 0;  // when it was known that a later one was received; 0: none
  bool has_receiver = false;  // the calls of its receiver are seen
  bool is_given_up = false;   // it had to go before all was known, or calls were lost meanwhile

  bool has(DatagramPart part) const;
  bool is_to_group() const;
  bool is_received_by(uint64_t socket) const;
};

class DatagramQueue {
 public:
  using Place = std::list<PendingDatagram>::iterator;

  size_t size() const { return all_.size(); }
  std::list<PendingDatagram>& all() { return all_; }

  Place add(PendingDatagram pending);
  // Takes it out.
  PendingDatagram take(Place place);
  // Changes it, and files it anew.
  void change(Place place, const std::function<void(PendingDatagram&)>& change);

  // The oldest that lacks the part, may go to `to`, and is accepted.
  std::optional<Place> find(DatagramPart lacking, const std::optional<Endpoint>& to,
                            const std::function<bool(const PendingDatagram&)>& accepts);
  // The same of those to groups, whatever they lack.
  std::optional<Place> find_group(const std::function<bool(const PendingDatagram&)>& accepts);

 private:
  using Key = std::pair<uint64_t, uint64_t>;  // of its name, and its order
  using Index = std::map<Key, Place>;

  void file(Place place);
  void unfile(Place place);

  std::list<PendingDatagram> all_;
  std::array<Index, 3> lacking_;  // by DatagramPart
  std::map<uint64_t, Place> groups_;
  uint64_t order_ = 0;
};

// Whether several may receive what is sent there: multicast and broadcast.
bool is_group(const Endpoint& end);

}  // namespace wireseam
