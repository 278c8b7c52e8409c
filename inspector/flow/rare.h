// SPDX-License-Identifier: Apache-2.0
// A part of a connection that most connections never need: allocated when it is first changed.
#pragma once

#include <memory>

namespace wireseam {

template <typename Part>
class Rare {
 public:
  // As it is by default where it was never changed.
  const Part& operator*() const { return part_ ? *part_ : kUnchanged; }
  const Part* operator->() const { return &**this; }

  Part& change() {
    if (!part_) part_ = std::make_unique<Part>();
    return *part_;
  }

 private:
  static constexpr Part kUnchanged{};

  std::unique_ptr<Part> part_;
};

}  // namespace wireseam
