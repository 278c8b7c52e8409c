// SPDX-License-Identifier: Apache-2.0
// Cuts arbitrary bytes by an arbitrary framing. The input is the framing's text, a newline, a byte
// that seeds the split, and the stream.
#include <algorithm>
#include <optional>
#include <random>
#include <string_view>

#include "common/error.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/common/framing/reading.h"

using namespace wireseam;

namespace {

std::optional<Framing> read_framing(std::string_view text) {
  try {
    return parse_framing(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void check_text(const Framing& framing) {
  const std::string text = to_string(framing);
  require(to_string(parse_framing(text)) == text, "a framing's text stands for it");
  require(describe(framing).starts_with(framing.name), "a description begins with the name");
}

// Only raw takes its frames from the window's length.
bool has_frames(const Framing& framing) { return framing.shape.kind != ShapeKind::Raw; }

void check_prefixes(const Framing& framing, Bytes stream, Place place) {
  const CutResult whole = framing.cut(stream, place);
  if (const auto* extent = std::get_if<FrameExtent>(&whole)) {
    require(extent->size > 0, "a frame has bytes");
    require(extent->body_offset <= extent->size &&
                extent->body_size <= extent->size - extent->body_offset,
            "the body lies within its frame");
  }
  uint64_t needed = 0;
  for (size_t size = 0; size <= std::min<size_t>(stream.size(), 64); ++size) {
    const CutResult result = framing.cut(stream.first(size), place);
    if (const auto* more = std::get_if<NeedMore>(&result)) {
      require(more->size > size, "NeedMore wants more than there is");
      needed = more->size;
    } else {
      require(result == whole, "a longer window changes nothing");
      const bool is_frame = std::holds_alternative<FrameExtent>(result);
      require(!is_frame || size >= needed, "NeedMore wants no more than an extent needs");
    }
  }
}

std::string read_split(const Framing& framing, std::string_view stream, uint8_t seed) {
  std::minstd_rand random(seed + 1u);
  const size_t largest = 1 + random() % 32;
  Reading reading(framing);
  while (!stream.empty()) {
    const size_t size = std::min(stream.size(), 1 + random() % largest);
    reading.feed(stream.substr(0, size));
    stream.remove_prefix(size);
  }
  return reading.text();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(input), size);
  const size_t newline = text.find('\n');
  const auto framing = read_framing(text.substr(0, newline));
  if (!framing) return 0;
  check_text(*framing);
  if (newline == std::string_view::npos || newline + 1 == size || !has_frames(*framing)) return 0;

  const auto seed = static_cast<uint8_t>(text[newline + 1]);
  const std::string_view stream = text.substr(newline + 2);
  const Bytes bytes = std::as_bytes(std::span(stream));
  for (const Place place : {Place::Start, Place::Middle, Place::Second, Place::Encrypted})
    check_prefixes(*framing, bytes, place);
  const std::string whole = read_whole(*framing, stream);
  require(read_split(*framing, stream, seed) == whole, "every split gives the same frames");
  return 0;
}
