// SPDX-License-Identifier: Apache-2.0
// Framings: how a stream is cut into the messages of its protocol (docs/framing.md). Pure functions
// on bytes: no I/O, no state between calls, no allocation for a good frame. The bytes come from a
// peer or a capture and are trusted in nothing.
#pragma once

#include <string>
#include <string_view>

#include "common/framing/shape.h"

namespace wireseam {

// A shape that holds at one place of the stream only, where the bytes at `offset` are these.
struct Opening {
  Place at = Place::Start;
  uint32_t offset = 0;
  std::string_view bytes;        // empty: whatever the bytes are
  const Shape* shape = nullptr;  // null: the framing's own shape
  Place next = Place::Middle;
};

// Which parameters a framing's text may have.
enum class Tuning : uint8_t { None, Max, All };

// Who sends frames of it: both sides, or perhaps one alone that answers to bare text.
enum class SpokenBy : uint8_t { Both, Either };

// A named way to cut. A plain value that may be copied freely: its texts live for ever.
struct Framing {
  std::string_view name;
  std::string_view summary;
  Tuning tuning = Tuning::Max;
  Shape shape{};
  std::span<const Opening> openings{};  // the first that fits holds
  std::span<const uint16_t> ports{};    // where its servers usually listen
  SpokenBy spoken_by = SpokenBy::Both;

  // `window` begins at a frame's first byte and is contiguous. The result depends on the frame's
  // own bytes alone: a longer window never changes an extent or a flaw. (The exception is raw,
  // which has no frames: it takes the whole window as one.) If the first bytes of this window were
  // answered with NeedMore before, `seen` may say how many, and long lines are searched once.
  CutResult cut(Bytes window, Place place = Place::Middle, uint64_t seen = 0) const;
};

// Every framing, in the order for a help text.
std::span<const Framing> all_framings();

// The framing that "NAME" or "NAME:PARAMETER=VALUE,..." stands for. Throws Error for a text that is
// none; it names the part that is wrong and lists what is allowed there.
Framing parse_framing(std::string_view text);

// The text that parse_framing reads as this framing: its name and the parameters that differ from
// those that the name alone stands for.
std::string to_string(const Framing& framing);

// The name, and all its parameters with their values.
std::string describe(const Framing& framing);

}  // namespace wireseam
