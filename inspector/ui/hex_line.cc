// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/hex_line.h"

#include <fmt/format.h>

namespace wireseam {
namespace {

char shown(const HexByte& byte) {
  if (!byte.known) return '?';
  const auto c = static_cast<char>(byte.value);
  return c >= ' ' && c < 127 ? c : '.';
}

}  // namespace

Line hex_line(uint64_t offset, std::span<const HexByte> bytes) {
  Line line(fmt::format("{:08x} ", offset), Style::Muted);
  for (size_t i = 0; i < kHexColumns; ++i) {
    if (i == kHexColumns / 2) line.add(" ");
    if (i >= bytes.size()) {
      line.add("   ");
      continue;
    }
    const HexByte& byte = bytes[i];
    line.add(byte.edge ? "|" : " ", byte.edge ? Style::Edge : Style::Plain);
    line.add(byte.known ? fmt::format("{:02x}", static_cast<unsigned>(byte.value)) : "..",
             byte.style);
  }
  line.add("  ");
  for (const HexByte& byte : bytes) line.add(std::string(1, shown(byte)), byte.style);
  return line;
}

}  // namespace wireseam
