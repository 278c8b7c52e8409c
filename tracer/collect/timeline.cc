// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/timeline.h"

#include <algorithm>

namespace wireseam {

void Timeline::add(uint64_t start, Stage stage, uint32_t thread, const RecordContext& context,
                   std::span<const std::byte> record) {
  items_.push_back({start, stage, thread, context, bytes_.size(), record.size()});
  bytes_.insert(bytes_.end(), record.begin(), record.end());
}

void Timeline::extend(std::span<const std::byte> bytes) {
  items_.back().size += bytes.size();
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::span<const Timeline::Item> Timeline::up_to(uint64_t horizon) {
  std::stable_sort(items_.begin(), items_.end(),
                   [](const Item& a, const Item& b) { return a.start < b.start; });
  const auto end =
      std::upper_bound(items_.begin(), items_.end(), horizon,
                       [](uint64_t limit, const Item& item) { return limit < item.start; });
  given_ = static_cast<size_t>(end - items_.begin());
  return std::span(items_).first(given_);
}

void Timeline::drop() {
  std::vector<std::byte> rest;
  items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(given_));
  for (Item& item : items_) {
    const size_t offset = rest.size();
    const auto record = bytes(item);
    rest.insert(rest.end(), record.begin(), record.end());
    item.offset = offset;
  }
  bytes_.swap(rest);
  given_ = 0;
}

}  // namespace wireseam
