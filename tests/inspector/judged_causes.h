// SPDX-License-Identifier: Apache-2.0
// Holds the engine's causes against the truth: a table of what was and what was said.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "inspector/flow/segment.h"
#include "tests/inspector/simulation/simulation.h"

namespace wireseam::test {

// What a packet truly was, as far as a capture can show it.
enum class Truth : uint8_t {
  Forward,           // begins at or behind the newest byte captured
  ForwardAgain,      // the same, but its sender had sent it before: all earlier copies were lost
  Retransmission,    // goes back because it was sent again
  Reordered,         // goes back because it was overtaken
  NetworkDuplicate,  // captured before
  Either,            // sent again and overtaken
  AckReordered,      // a pure ACK: overtaken
  AckDuplicate,      // a pure ACK: captured before
};

std::string_view to_string(Truth truth);

// By the captured packets' places.
std::vector<Truth> truths_of(std::span<const CapturedPacket> packets);

class Confusion {
 public:
  void add(Truth truth, Cause cause) { ++counts_[{truth, cause}]; }
  void add(const Confusion& other);
  static bool is_right(Truth truth, Cause cause);

  // The share of a truth's packets that were called so; 1 where there are none. What is Forward is
  // right where none of the three was said.
  double right(Truth truth) const;
  uint64_t count(Truth truth) const;
  std::string text() const;

 private:
  std::map<std::pair<Truth, Cause>, uint64_t> counts_;
};

}  // namespace wireseam::test
