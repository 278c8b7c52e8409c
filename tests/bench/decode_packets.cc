// SPDX-License-Identifier: Apache-2.0
// What decoding a packet costs, as nanoseconds of CPU time: scripts/bench prints it.
//
//   decode_packets v4    Ethernet, IPv4, TCP with timestamps
//   decode_packets v6    the same with IPv6
//   decode_packets sack  IPv4, TCP with timestamps and two SACK blocks
//   decode_packets syn   IPv4, TCP with the options of a SYN
#include <time.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/decode/decoder.h"
#include "tests/unit/packets/packet_builder.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr size_t kDifferent = 512;  // stay in the cache: the decoder is measured, not the memory
constexpr size_t kRounds = 20'000;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string options_of(std::string_view kind, uint32_t i) {
  if (kind == "syn")
    return mss_option(1460) + sack_permitted_option() + "\x08\x0a" + be32(i) + be32(0) + "\x01" +
           window_scale_option(7);
  if (kind != "sack") return timestamps_option(i, i);
  const std::array<SackBlock, 2> blocks{{{i, i + 1}, {i + 2, i + 3}}};
  return timestamps_option(i, i) + "\x01\x01" + sack_option(blocks);
}

std::string packet_number(std::string_view kind, uint32_t i) {
  const std::string segment =
      tcp({.seq = i, .options = options_of(kind, i)}, std::string(100, 'x'));
  return kind == "v6" ? ethernet(kIpv6, ipv6({}, segment)) : ethernet(kIpv4, ipv4({}, segment));
}

uint64_t decode_all(Decoder& decoder, const std::vector<RawPacket>& packets) {
  uint64_t sum = 0;
  for (const RawPacket& raw : packets) {
    const Packet& packet = decoder.decode(raw);
    sum += packet.tcp.seq + packet.payload_length + packet.tcp.options.ts_value;
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view kind = argc > 1 ? argv[1] : "";
  if (kind != "v4" && kind != "v6" && kind != "sack" && kind != "syn") {
    std::fprintf(stderr, "usage: decode_packets v4|v6|sack|syn\n");
    return 2;
  }
  std::vector<std::string> bytes;
  for (uint32_t i = 0; i < kDifferent; ++i) bytes.push_back(packet_number(kind, i));
  std::vector<RawPacket> packets;
  for (const std::string& packet : bytes) packets.push_back(raw_packet(packet));

  Decoder decoder;
  uint64_t sum = decode_all(decoder, packets);
  const double start = cpu_seconds();
  for (size_t i = 0; i < kRounds; ++i) sum += decode_all(decoder, packets);
  const double seconds = cpu_seconds() - start;
  std::printf("%llu, ns a packet: %.1f\n", static_cast<unsigned long long>(sum),
              seconds * 1e9 / static_cast<double>(kRounds * kDifferent));
}
