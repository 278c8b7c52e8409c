// SPDX-License-Identifier: Apache-2.0
// A list that grows at its end and loses its oldest: what is in it keeps its index for ever.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace wireseam {

template <typename T>
class Kept {
 public:
  // The index of the oldest that is there, and that of the next to come.
  uint64_t begin() const { return begin_; }
  uint64_t end() const { return begin_ + items_.size(); }
  bool empty() const { return items_.empty(); }
  size_t size() const { return items_.size(); }

  // Null where it has fallen away, or hasn't come.
  const T* find(uint64_t index) const {
    return index >= begin_ && index < end() ? &items_[index - begin_] : nullptr;
  }
  T* find(uint64_t index) { return const_cast<T*>(std::as_const(*this).find(index)); }

  const T& front() const { return items_.front(); }
  const T& back() const { return items_.back(); }

  // Returns its index.
  uint64_t push(T item) {
    items_.push_back(std::move(item));
    return end() - 1;
  }

  void pop_front() {
    items_.pop_front();
    ++begin_;
  }

  // The index of the first whose `projection` is not less than `value`, by which they are sorted.
  template <typename Value, typename Projection>
  uint64_t lower_bound(const Value& value, Projection projection) const {
    const auto found = std::ranges::lower_bound(items_, value, {}, projection);
    return begin_ + static_cast<uint64_t>(found - items_.begin());
  }

 private:
  std::deque<T> items_;
  uint64_t begin_ = 0;
};

}  // namespace wireseam
