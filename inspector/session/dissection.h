// SPDX-License-Identifier: Apache-2.0
// One packet looked at again, for people: its headers with the names of their fields. What the
// headers say is not trusted: what lies outside of the captured bytes is left out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/byte_range.h"
#include "common/raw_packet.h"
#include "inspector/decode/packet.h"

namespace wireseam {

struct PacketSummary {
  std::string source;  // empty: not known
  std::string destination;
  std::string protocol;
  std::string info;
};

PacketSummary summarize(const RawPacket& raw);

struct LayerField {
  std::string name;
  std::string value;
};

struct Layer {
  std::string title;
  ByteRange range;  // in the packet
  std::vector<LayerField> fields;
};

// From the link layer to the transport's payload.
std::vector<Layer> dissect(const RawPacket& raw);

// The bytes that a segment carries, as far as they were captured; none of a fragment.
std::span<const std::byte> payload_of(const RawPacket& raw);

}  // namespace wireseam
