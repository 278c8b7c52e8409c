// SPDX-License-Identifier: Apache-2.0
// Puts IP datagrams together from their fragments, within bounds. What overlaps is refused, as
// RFC 5722 demands for IPv6 and Linux does for both (net/ipv4/inet_fragment.c): the whole datagram
// is given up; a fragment that brings nothing new is passed over. Time is the packets' own.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <span>
#include <vector>

#include "inspector/decode/descent.h"
#include "inspector/decode/packet.h"

namespace wireseam {

// The defaults are Linux's (ipfrag_high_thresh, ipfrag_time), but for the number.
struct ReassemblyLimits {
  size_t datagrams = 1024;
  size_t bytes = size_t{4} << 20;  // held for all of them
  uint64_t timeout_ns = 30'000'000'000;
};

// How datagrams of several fragments ended.
struct ReassemblyCounts {
  uint64_t complete = 0;
  uint64_t timed_out = 0;
  uint64_t crowded_out = 0;    // the oldest, for a limit's sake
  uint64_t contradictory = 0;  // overlapping fragments, or two ends
};

enum class FragmentVerdict : uint8_t {
  Kept,
  Duplicate,
  Completes,  // the datagram is whole: see datagram()
  Overlaps,
  Contradicts,  // bytes behind the end, two ends, more than 64 KiB, or none at all
};

class IpReassembler {
 public:
  explicit IpReassembler(const ReassemblyLimits& limits = {}) : limits_(limits) {}

  // `bytes` are those of the fragment that `packet`'s addresses and `header` belong to.
  FragmentVerdict add(const Packet& packet, const FragmentHeader& header,
                      std::span<const std::byte> bytes);

  // The last one that was completed; remains live until the next one is.
  std::span<const std::byte> datagram() const { return datagram_; }

  // What the first of its fragments names as the protocol.
  uint8_t protocol() const { return protocol_; }

  const ReassemblyCounts& counts() const { return counts_; }
  size_t bytes() const { return bytes_; }  // held for datagrams that are not whole yet

 private:
  struct Key {
    IpVersion version;
    uint8_t protocol;  // of IPv4: RFC 791. IPv6 has it in the first fragment alone
    uint32_t id;
    IpAddress source;
    IpAddress destination;

    auto operator<=>(const Key&) const = default;
  };
  struct Range {
    uint32_t begin, end;
  };
  struct Datagram {
    Key key;
    uint64_t first_ns = 0;
    uint32_t size = 0;  // known by the last fragment; 0 before it has come
    uint8_t protocol = 0;
    std::vector<std::byte> bytes{};
    std::vector<Range> ranges{};  // that have come: in order, apart from each other

    size_t cost() const;
    bool is_whole() const;
    // Of a fragment that takes `range`.
    FragmentVerdict judge(Range range, bool more) const;
    void insert(Range range);
  };
  using Datagrams = std::list<Datagram>;  // the oldest first

  Datagrams::iterator find_or_begin(const Key& key, uint64_t time_ns);
  FragmentVerdict place(Datagrams::iterator datagram, const FragmentHeader& header,
                        std::span<const std::byte> bytes);
  void complete(Datagrams::iterator datagram);
  void forget(Datagrams::iterator datagram);
  void forget_old(uint64_t now_ns);
  void keep_limits();

  ReassemblyLimits limits_;
  Datagrams datagrams_;
  std::map<Key, Datagrams::iterator> index_;
  size_t bytes_ = 0;
  std::vector<std::byte> datagram_;
  uint8_t protocol_ = 0;
  ReassemblyCounts counts_;
};

}  // namespace wireseam
