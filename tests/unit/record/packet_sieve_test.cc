// SPDX-License-Identifier: Apache-2.0
#include "record/packet_sieve.h"

#include <fcntl.h>

#include <algorithm>

#include "common/error.h"
#include "inspector/capture/capture_file.h"
#include "tests/unit/catch2.h"
#include "tests/unit/recording/recording_folder.h"
#include "tests/unit/trace/socket_trace.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint32_t kLoopback = 0x7f000001;
constexpr uint8_t kIcmp = 1;
constexpr uint64_t kLater = 20'000'000'000;

// Of 127.0.0.1 to itself.
std::string udp_packet(uint16_t source, uint16_t destination, std::string_view payload) {
  return ipv4({.source = kLoopback, .destination = kLoopback, .protocol = kUdp},
              udp({.source_port = source, .destination_port = destination}, payload));
}

std::string unreachable(std::string_view packet) {
  return ipv4({.source = kLoopback, .destination = kLoopback, .protocol = kIcmp},
              std::string("\x03\x03\0\0\0\0\0\0", 8) + std::string(packet));
}

Fd opened(const std::string& path) { return Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)); }

std::vector<size_t> numbers_in(const std::string& path) {
  std::vector<size_t> numbers;
  CaptureFile file(path);
  while (const RawPacket* packet = file.next()) numbers.push_back(packet->time_ns - kLater);
  return numbers;
}

// What is left of the packets beside a program that has bound the UDP port 5000. Numbers count from
// 0.
std::vector<size_t> kept(const std::vector<std::string>& packets) {
  const TempFolder folder;
  SocketIdentity who = named(identity(3, 7), 5000, 0);
  who.domain = AF_INET;
  who.type = SOCK_DGRAM;
  who.peer_size = 0;
  EventBuilder bind("bind");
  bind.arguments({3, kPointer, 16}).part(0, BlobPart::Identity, who);
  write_calls(folder / "calls.wst", {bind.event()});
  std::vector<TimedPacket> timed;
  for (const std::string& packet : packets) timed.push_back({kLater + timed.size(), packet});
  write_packets(folder / "wire.pcap", timed, kLinkRaw);
  {
    PacketWriter writer(folder / "live.pcap", {kLinkRaw});
    LiveSieve live(opened(folder / "calls.wst"), opened(folder / "wire.pcap"), writer);
    live.start();
    live.finish();
  }
  {
    PacketWriter writer(folder / "kept.pcap", {kLinkRaw});
    const LiveSieve idle(opened(folder / "calls.wst"), opened(folder / "wire.pcap"), writer);
    sieve_packets(opened(folder / "calls.wst"), opened(folder / "wire.pcap"), idle, writer);
  }
  // Who looks at them while they come has them all, too, but not always in this order.
  auto live = numbers_in(folder / "live.pcap");
  std::ranges::sort(live);
  CHECK(live == numbers_in(folder / "kept.pcap"));
  return numbers_in(folder / "kept.pcap");
}

using Numbers = std::vector<size_t>;

}  // namespace

TEST_CASE("packets of the program's port are kept, those of other ports are not") {
  CHECK(kept({udp_packet(9, 5000, "to it"), udp_packet(9, 5001, "to another"),
              udp_packet(5000, 9, "from it")}) == Numbers{0, 2});
}

TEST_CASE("all fragments of a datagram are kept, in whatever order they came") {
  const std::string datagram =
      udp({.source_port = 9, .destination_port = 5000}, std::string(40, 'x'));
  const std::string foreign =
      udp({.source_port = 9, .destination_port = 5001}, std::string(40, 'x'));
  const auto piece = [](const std::string& whole, uint16_t id, uint16_t offset, bool more) {
    return ipv4({.source = kLoopback,
                 .destination = kLoopback,
                 .protocol = kUdp,
                 .id = id,
                 .fragment_offset = offset,
                 .more_fragments = more},
                whole.substr(offset, more ? 16 : std::string::npos));
  };
  CHECK(
      kept({piece(datagram, 1, 16, true), piece(foreign, 2, 0, true), piece(datagram, 1, 32, false),
            piece(foreign, 2, 16, false), piece(datagram, 1, 0, true)}) == Numbers{0, 2, 4});
}

TEST_CASE("an ICMP error is kept if it is about a packet of the program's") {
  CHECK(kept({unreachable(udp_packet(5000, 9, "ours")), unreachable(udp_packet(5001, 9, "theirs")),
              unreachable("")}) == Numbers{0});
}

TEST_CASE("a trace that is none is an error") {
  const TempFolder folder;
  folder.write("calls.wst", "nothing of the kind");
  write_packets(folder / "wire.pcap", {}, kLinkRaw);
  PacketWriter writer(folder / "kept.pcap", {kLinkRaw});
  const LiveSieve live(opened(folder / "calls.wst"), opened(folder / "wire.pcap"), writer);
  CHECK_THROWS_AS(
      sieve_packets(opened(folder / "calls.wst"), opened(folder / "wire.pcap"), live, writer),
      Error);
}
