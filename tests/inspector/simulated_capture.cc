// SPDX-License-Identifier: Apache-2.0
// Writes a capture of simulated connections of every kind, for programs that read files.
//
//   simulated_capture SEED FILE.pcap
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>

#include "inspector/capture/packet_writer.h"
#include "tests/inspector/zoo.h"
#include "tests/unit/packets/packet_builder.h"

using namespace wireseam;
using namespace wireseam::test;

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::fprintf(stderr, "usage: simulated_capture SEED FILE.pcap\n");
    return 2;
  }
  PacketWriter writer(argv[2], {kLinkEthernet});
  for (const CapturedPacket& packet : zoo(std::strtoull(argv[1], nullptr, 10))) {
    RawPacket raw = raw_packet(packet.bytes);
    raw.time_ns = packet.time_ns;
    writer.write(raw);
  }
  if (!writer.failure().empty()) std::fprintf(stderr, "%s\n", writer.failure().c_str());
  return writer.failure().empty() ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "simulated_capture: %s\n", error.what());
  return 1;
}
