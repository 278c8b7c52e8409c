// SPDX-License-Identifier: Apache-2.0
// What people call the parts of a connection: addresses, states, numbers counted from the first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "inspector/flow/flow_sink.h"

namespace wireseam {

// "127.0.0.1", "::1".
std::string address_text(const IpAddress& address, IpVersion version);

// "127.0.0.1:80", "[::1]:80".
std::string end_text(const FlowEnd& end, IpVersion version);

// "VLAN 10", "VLAN 100.10" of two tags; where the two ways differ, "VLAN 10, no VLAN to client".
// Empty without any. Halves tell how many `packets` they had, and in which `vlan`.
std::string vlan_name(uint32_t vlan);
template <typename AnyHalf>
std::string vlan_text(const FlowKey& key, const AnyHalf& to_server, const AnyHalf& to_client) {
  const bool differ =
      to_server.packets > 0 && to_client.packets > 0 && to_server.vlan != to_client.vlan;
  if (differ) return vlan_name(to_server.vlan) + ", " + vlan_name(to_client.vlan) + " to client";
  return key.vlan == 0 ? "" : vlan_name(key.vlan);
}

// What became of a TCP connection: "refused", "no-answer", "half-open" (and maybe
// reset, then); else the state of its
// teardown: "open", "half-closed", "closing", "closed", "reset".
std::string_view state_text(const Connection& connection);

// The same, and who has reset what was half-open: nobody has refused that.
std::string state_words(const Connection& connection);

// "over", "reused", "idle", "given-up", "finished".
std::string_view to_string(EndReason reason);

// The sequence number as it counts from the initial one of the side that sent it (or sends what it
// acknowledges), whose SYN was seen.
inline uint32_t relative_number(uint32_t seq, const Half& half) {
  return seq - (half.first_seq - 1);
}

// Calls visit(std::string_view) for each flag that is set: "SYN", "ACK".
template <typename Visit>
void for_each_flag(uint16_t flags, Visit visit) {
  static constexpr std::string_view kNames[] = {"FIN", "SYN", "RST", "PSH", "ACK",
                                                "URG", "ECE", "CWR", "AE"};
  unsigned bit = 1;
  for (const std::string_view name : kNames) {
    if ((flags & bit) != 0) visit(name);
    bit <<= 1;
  }
}

}  // namespace wireseam
