// SPDX-License-Identifier: Apache-2.0
// A growing array whose elements stay where they are, in blocks: neither moved when it grows, nor
// allocated one by one.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace wireseam {

template <typename Element>
class Slots {
 public:
  size_t size() const { return size_; }
  Element& operator[](size_t index) { return (*blocks_[index / kBlock])[index % kBlock]; }
  const Element& operator[](size_t index) const {
    return (*blocks_[index / kBlock])[index % kBlock];
  }

  void add() {
    if (size_ == blocks_.size() * kBlock) blocks_.push_back(std::make_unique<Block>());
    ++size_;
  }

 private:
  static constexpr size_t kBlock = 32;
  using Block = std::array<Element, kBlock>;

  std::vector<std::unique_ptr<Block>> blocks_;
  size_t size_ = 0;
};

}  // namespace wireseam
