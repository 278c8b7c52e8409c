// SPDX-License-Identifier: Apache-2.0
// A datagram of UDP or of a UNIX socket: the call that sent it, the packet that carried it, the
// call that received it, and what became of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/flow/connection.h"
#include "inspector/join/conversation.h"
#include "inspector/join/spans.h"

namespace wireseam {

struct DatagramPacket {
  uint64_t packet = 0;
  uint64_t time_ns = 0;
};

// It could not be delivered, as an ICMP message says.
struct DatagramError {
  uint64_t packet = 0;  // the ICMP message
  uint64_t time_ns = 0;
  std::string_view reason;       // "port unreachable"
  std::optional<CallSpan> told;  // the call of its sender that failed for it
  std::string_view errno_name;   // of that: "ECONNREFUSED"
};

struct Datagram {
  uint64_t number = 0;           // counts those of its direction from 1
  uint64_t size = 0;             // bytes
  std::optional<CallSpan> send;  // ranges count from the datagram's beginning
  std::optional<DatagramPacket> packet;
  std::optional<CallSpan> receive;
  std::vector<CallSpan> also_received;  // of what went to a group: by others, too
  std::optional<DatagramError> error;

  bool lost = false;          // never received, although the calls of its receiver were seen
  bool reordered = false;     // one that was sent later had come before it
  bool truncated = false;     // its receive had no room for all of it
  bool not_captured = false;  // it was sent, and the capture has packets, but not this one
  uint64_t duplicate_of = 0;  // the number of the one of which the network made a copy; 0: none

  // Calls visit(std::string_view) for each that is true.
  template <typename Visit>
  void for_each_fate(Visit visit) const {
    if (lost) visit(std::string_view("lost"));
    if (reordered) visit(std::string_view("reordered"));
    if (duplicate_of != 0) visit(std::string_view("duplicate"));
    if (truncated) visit(std::string_view("truncated"));
    if (error) visit(std::string_view("unreachable"));
    if (not_captured) visit(std::string_view("not-captured"));
  }
};

struct DatagramCounts {
  uint64_t datagrams = 0;
  uint64_t lost = 0;
  uint64_t reordered = 0;
  uint64_t duplicates = 0;
  uint64_t truncated = 0;
};

// Two ends that send datagrams to each other.
struct DatagramTalk {
  Medium medium = Medium::Udp;
  uint64_t id = 0;     // the connection's where there are packets, else counted on
  std::string client;  // "127.0.0.1:40000"; "-" where nobody knows
  std::string server;
  bool on_wire = false;
  std::array<DatagramCounts, 2> counts{};  // by Direction
};

}  // namespace wireseam
