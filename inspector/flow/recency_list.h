// SPDX-License-Identifier: Apache-2.0
// Slots in the order of their last use, as a list within an array: no allocation a use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace wireseam {

inline constexpr uint32_t kNoSlot = std::numeric_limits<uint32_t>::max();

// Several lists over the same slots; a slot is in one of them at most.
class RecencyLinks {
 public:
  void grow_to(size_t slots) {
    if (slots > links_.size()) links_.resize(slots);
  }

 private:
  friend class RecencyList;
  struct Link {
    uint32_t older = kNoSlot;
    uint32_t newer = kNoSlot;
  };
  std::vector<Link> links_;
};

class RecencyList {
 public:
  explicit RecencyList(RecencyLinks& links) : links_(links.links_) {}

  size_t size() const { return size_; }
  uint32_t oldest() const { return oldest_; }
  uint32_t newer(uint32_t slot) const { return links_[slot].newer; }
  uint32_t newest() const { return newest_; }
  uint32_t older(uint32_t slot) const { return links_[slot].older; }

  void add_newest(uint32_t slot) {
    links_[slot] = {newest_, kNoSlot};
    (newest_ == kNoSlot ? oldest_ : links_[newest_].newer) = slot;
    newest_ = slot;
    ++size_;
  }

  // It must be in this list.
  void remove(uint32_t slot) {
    const auto [older, newer] = links_[slot];
    (older == kNoSlot ? oldest_ : links_[older].newer) = newer;
    (newer == kNoSlot ? newest_ : links_[newer].older) = older;
    --size_;
  }

  void use(uint32_t slot) {
    if (slot == newest_) return;
    remove(slot);
    add_newest(slot);
  }

 private:
  std::vector<RecencyLinks::Link>& links_;
  uint32_t oldest_ = kNoSlot;
  uint32_t newest_ = kNoSlot;
  size_t size_ = 0;
};

}  // namespace wireseam
