// SPDX-License-Identifier: Apache-2.0
// The framings, one row each. What is special about a protocol stands in its row, never in code.
#include "common/error.h"
#include "common/framing/framing.h"
#include "common/framing/json_header.h"

namespace wireseam {
namespace {

constexpr Framing kFramings[] = {
    {.name = "raw", .summary = "no frames: each read is what it is", .shape = {}},
    {.name = "len32le",
     .summary = "int32 little-endian length, body",
     .shape = {.kind = ShapeKind::LengthField,
               .order = ByteOrder::Little,
               .sign = Signedness::Signed,
               .width = 4,
               .strip = 4,
               .max = 4 + uint64_t{INT32_MAX}}},
    {.name = "json-header",
     .summary = "int32 little-endian size of a JSON header, the header, body of total_size bytes",
     .shape = {.kind = ShapeKind::JsonHeader,
               .order = ByteOrder::Little,
               .sign = Signedness::Signed,
               .width = 4,
               .strip = 4,
               .max = 4 + uint64_t{kMaxJsonHeaderSize}}},
};

}  // namespace

std::span<const Framing> all_framings() { return kFramings; }

Framing parse_framing(std::string_view text) {
  std::string names;
  for (const Framing& framing : kFramings) {
    if (framing.name == text) return framing;
    names += (names.empty() ? "" : ", ") + std::string(framing.name);
  }
  throw Error("no framing '" + std::string(text) + "' (there are: " + names + ")");
}

}  // namespace wireseam
