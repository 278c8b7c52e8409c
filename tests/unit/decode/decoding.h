// SPDX-License-Identifier: Apache-2.0
// A decoder that owns the bytes that it is given, so that a test may build them in place.
#pragma once

#include <string>
#include <utility>

#include "inspector/decode/decoder.h"
#include "tests/unit/packets/packet_builder.h"

namespace wireseam::test {

class Decoding {
 public:
  Decoding() = default;
  explicit Decoding(const ReassemblyLimits& limits) : decoder_(limits) {}

  // Remains live until the next one.
  const Packet& decode(std::string bytes, uint32_t link_type = kLinkEthernet) {
    bytes_ = std::move(bytes);
    RawPacket raw = raw_packet(bytes_, link_type);
    raw.time_ns += time_ns_;
    return decoder_.decode(raw);
  }

  // The packet has these bytes, of which the capture kept `kept`.
  const Packet& decode_cut(std::string bytes, size_t kept) {
    bytes_ = std::move(bytes);
    RawPacket raw = raw_packet(bytes_);
    raw.bytes = raw.bytes.first(kept);
    return decoder_.decode(raw);
  }

  void let_pass(uint64_t ns) { time_ns_ += ns; }
  const Decoder& decoder() const { return decoder_; }

 private:
  Decoder decoder_;
  std::string bytes_;
  uint64_t time_ns_ = 0;
};

// "Malformed TCP data offset at 46", "Whole".
inline std::string outcome(const Packet& packet) {
  static constexpr const char* kNames[] = {"Whole", "Other", "Fragment", "Truncated", "Malformed"};
  std::string text = kNames[static_cast<size_t>(packet.verdict)];
  if (*packet.reason == '\0') return text;
  return text + " " + reason_text(packet) + " at " + std::to_string(packet.reason_offset);
}

}  // namespace wireseam::test
