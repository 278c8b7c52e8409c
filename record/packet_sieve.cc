// SPDX-License-Identifier: Apache-2.0
#include "record/packet_sieve.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "common/error.h"
#include "inspector/capture/capture_file.h"
#include "inspector/decode/decoder.h"
#include "inspector/recording/recording.h"
#include "inspector/recording/traced_sockets.h"
#include "record/host_addresses.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/reader.h"

namespace wireseam {
namespace {

constexpr uint32_t kLinkRaw = 101;
constexpr size_t kIcmpHeader = 8;         // RFC 792, RFC 4443: the packet in question follows it
constexpr uint32_t kMaxIpPacket = 65535;  // of which an error has no more than the beginning
constexpr size_t kMaxDatagrams = 4096;    // whose fragments are remembered

// From its beginning, whoever has read of it before.
Fd reopened(const Fd& file, const char* name) {
  Fd again(fcntl(file.get(), F_DUPFD_CLOEXEC, 0));
  if (!again || lseek(again.get(), 0, SEEK_SET) != 0) throw Error("cannot read", name, errno);
  return again;
}

class PacketChoice {
 public:
  explicit PacketChoice(TracedSockets& sockets) : sockets_(sockets) {}

  void consider(const RawPacket& raw);

  // By its number in the capture.
  bool is_chosen(uint64_t number) const { return chosen_[number]; }

 private:
  using Datagram = std::tuple<IpAddress, IpAddress, uint16_t>;  // ends and ID

  static Datagram datagram_of(const Packet& packet) {
    return {packet.source, packet.destination, packet.ip_id};
  }
  bool is_error_about_ours(const Packet& packet, const RawPacket& raw);
  void hold_fragment(const Packet& packet);
  void choose_fragments(const Packet& last);

  TracedSockets& sockets_;
  Decoder decoder_;
  Decoder quoted_;  // packets in ICMP errors
  std::vector<bool> chosen_{false};
  std::map<Datagram, std::vector<uint64_t>> fragments_;  // numbers
};

void PacketChoice::consider(const RawPacket& raw) {
  const Packet& packet = decoder_.decode(raw);
  const bool ours = sockets_.carried(packet) || is_error_about_ours(packet, raw);
  chosen_.push_back(ours);
  if (packet.verdict == DecodeVerdict::Fragment) hold_fragment(packet);
  if (ours && packet.reassembled) choose_fragments(packet);
}

bool PacketChoice::is_error_about_ours(const Packet& packet, const RawPacket& raw) {
  const std::string_view reason = packet.reason;
  if (packet.verdict != DecodeVerdict::Other || (reason != "ICMP" && reason != "ICMPv6"))
    return false;
  const size_t begin = packet.reason_offset + kIcmpHeader;
  if (begin >= raw.bytes.size()) return false;
  const RawPacket quoted{.number = raw.number,
                         .time_ns = raw.time_ns,
                         .wire_length = kMaxIpPacket,
                         .link_type = kLinkRaw,
                         .bytes = raw.bytes.subspan(begin)};
  return sockets_.carried(quoted_.decode(quoted));
}

void PacketChoice::hold_fragment(const Packet& packet) {
  if (fragments_.size() == kMaxDatagrams) fragments_.clear();
  fragments_[datagram_of(packet)].push_back(packet.number);
}

void PacketChoice::choose_fragments(const Packet& last) {
  const auto found = fragments_.find(datagram_of(last));
  if (found == fragments_.end()) return;
  for (const uint64_t number : found->second) chosen_[number] = true;
  fragments_.erase(found);
}

}  // namespace

bool sieve_packets(const Fd& calls, const Fd& packets, PacketWriter& kept) {
  TracedSockets sockets(host_addresses());
  TraceReader trace(reopened(calls, kCallsFile), kCallsFile);
  replay_trace(trace, sockets);

  PacketChoice choice(sockets);
  CaptureFile first_time(reopened(packets, kPacketsFile), kPacketsFile);
  while (const RawPacket* raw = first_time.next()) choice.consider(*raw);

  CaptureFile second_time(reopened(packets, kPacketsFile), kPacketsFile);
  while (const RawPacket* raw = second_time.next())
    if (choice.is_chosen(raw->number)) kept.write(*raw);
  return sockets.has_connections();
}

}  // namespace wireseam
