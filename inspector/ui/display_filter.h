// SPDX-License-Identifier: Apache-2.0
// The filter of the screens, in words of its own (docs/screens.md):
//
//   port 8080 and frames > 3
//   host 10.0.0.1 and not (udp or problems = 0)
//
// It never hides what it can't judge: of what has no such property a comparison is false.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "inspector/session/records.h"

namespace wireseam {

// What is judged: a connection, or a packet, frame or call of it.
struct FilterSubject {
  const ConnectionRecord* connection = nullptr;
  const SegmentRecord* segment = nullptr;
  const FrameRecord* frame = nullptr;
  const TracedCall* call = nullptr;
  uint64_t length = 0;  // of the packet on the wire, or of the frame
};

class DisplayFilter {
 public:
  struct Term;  // one node of the expression

  // Selects everything.
  DisplayFilter() = default;

  // Throws Error that says what is wrong, and where.
  explicit DisplayFilter(std::string_view text);

  bool selects(const FilterSubject& subject) const;
  bool empty() const { return root_ == nullptr; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::shared_ptr<const Term> root_;
};

}  // namespace wireseam
