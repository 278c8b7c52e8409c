// SPDX-License-Identifier: Apache-2.0
// Finds where frames begin again, in a stream that has lost its alignment.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/framing/framing.h"
#include "inspector/frame/window.h"

namespace wireseam {

// How far a candidate's frames are followed; what is held for a search stays near this.
inline constexpr uint64_t kSearchReach = 64 * 1024;

// Whether more bytes may follow those of a window.
enum class Continuation : uint8_t { Expected, None };

struct Sighting {
  enum class Kind : uint8_t { Found, Perhaps, Nothing };
  Kind kind = Kind::Nothing;
  uint64_t offset = 0;  // where the frame begins; or up to where all has been ruled out
};

class Search {
 public:
  explicit Search(uint64_t begin) : frontier_(begin) {}

  // The first plausible frame in the window; at the next call that is to begin at the answer's
  // offset or before it. Perhaps: more bytes will tell. After Found it is over.
  Sighting look(const Framing& framing, Place place, const Window& window,
                Continuation continuation);

 private:
  class Candidates;
  static constexpr size_t kMostWaiting = 16;

  Sighting look_behind_delimiter(const Shape& shape, const Window& window);
  bool look_at_waiting(const Candidates& candidates);
  bool look_further(const Candidates& candidates);

  uint64_t frontier_;  // no byte from here on has been a candidate yet
  size_t waiting_count_ = 0;
  std::array<uint64_t, kMostWaiting> waiting_{};  // candidates before it that need more bytes
};

}  // namespace wireseam
