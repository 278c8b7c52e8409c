// SPDX-License-Identifier: Apache-2.0
// Decodes packets of any bytes, one after the other as of one capture. The input is a byte that
// chooses the link type, and of each packet: its size, how many bytes the capture cut off, how many
// seconds passed before it, and the bytes.
#include <cstring>
#include <span>
#include <vector>

#include "inspector/decode/decoder.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/input.h"

using namespace wireseam;

namespace {

constexpr uint32_t kLinkTypes[] = {1, 101, 113, 276, 0, 108, 228, 229};
constexpr ReassemblyLimits kLimits{.datagrams = 8, .bytes = 2000, .timeout_ns = 30'000'000'000};

void check(const Packet& packet) {
  const bool is_whole = packet.verdict == DecodeVerdict::Whole;
  require(is_whole == (packet.transport != Transport::None), "a whole packet has a transport");
  require(is_whole || *packet.reason != '\0', "what is not whole says why");
  require(packet.payload.size() <= packet.payload_length, "no more is there than was on the wire");
  require(packet.tcp.options.sack_count <= packet.tcp.options.sacks.size(), "SACK blocks fit");
  volatile unsigned sum = 0;  // reads every byte that is said to be there
  for (const std::byte byte : packet.payload) sum = sum + static_cast<unsigned>(byte);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  Input input(std::as_bytes(std::span(bytes, size)));
  RawPacket raw;
  raw.link_type = kLinkTypes[input.byte() % std::size(kLinkTypes)];
  Decoder decoder(kLimits);
  while (!input.empty()) {
    ++raw.number;
    const size_t length = input.byte();
    const uint8_t cut = input.byte();
    raw.time_ns += input.byte() * uint64_t{1'000'000'000};
    const auto taken = input.bytes(length);
    const std::vector<std::byte> exact(taken.begin(), taken.end());  // a read past it is seen
    raw.bytes = exact;
    raw.wire_length = static_cast<uint32_t>(exact.size()) + cut;
    check(decoder.decode(raw));
  }
  require(decoder.counts().packets() == raw.number, "every packet is counted");
  return 0;
}
