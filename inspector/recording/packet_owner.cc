// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/packet_owner.h"

#include <utility>

namespace wireseam {
namespace {

constexpr size_t kMaxDatagrams = 4096;  // whose fragments are remembered

}  // namespace

PacketOwner PacketOwners::owner(const RawPacket& raw) {
  completed_.clear();
  const Packet& packet = decoder_.decode(raw);
  if (sockets_.carried(packet) || is_error_about_ours(packet, raw)) {
    if (packet.reassembled) complete(packet);
    return PacketOwner::Program;
  }
  if (packet.verdict == DecodeVerdict::Fragment) {
    hold_fragment(packet);
    return PacketOwner::Fragment;
  }
  const bool is_attempt = packet.transport == Transport::Tcp && packet.tcp.has(kSyn);
  return is_attempt ? PacketOwner::Attempt : PacketOwner::Other;
}

bool PacketOwners::is_error_about_ours(const Packet& packet, const RawPacket& raw) {
  const auto error = errors_.read(packet, raw);
  return error && sockets_.carried(error->quoted);
}

void PacketOwners::hold_fragment(const Packet& packet) {
  if (fragments_.size() == kMaxDatagrams) fragments_.clear();
  fragments_[datagram_of(packet)].push_back(packet.number);
}

void PacketOwners::complete(const Packet& last) {
  const auto found = fragments_.find(datagram_of(last));
  if (found == fragments_.end()) return;
  completed_ = std::move(found->second);
  fragments_.erase(found);
}

}  // namespace wireseam
