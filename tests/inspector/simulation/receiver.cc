// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/simulation/receiver.h"

#include <algorithm>
#include <iterator>

namespace wireseam::test {

Receiver::Arrival Receiver::take(ByteRange range) {
  const auto behind = held_.upper_bound(range.begin);
  const bool held = behind != held_.begin() && std::prev(behind)->second >= range.end;
  if (range.end <= next_ || held) {
    duplicate_ = range;
    return Arrival::Again;
  }
  const bool had_hole = has_hole();
  if (range.begin > next_) {
    latest_ = range.begin;
    merge(range);
    return Arrival::BehindHole;
  }
  next_ = range.end;
  while (!held_.empty() && held_.begin()->first <= next_) {
    next_ = std::max(next_, held_.begin()->second);
    held_.erase(held_.begin());
  }
  return had_hole ? Arrival::FillsHole : Arrival::InOrder;
}

void Receiver::merge(ByteRange range) {
  auto piece = held_.upper_bound(range.begin);
  if (piece != held_.begin() && std::prev(piece)->second >= range.begin) --piece;
  while (piece != held_.end() && piece->first <= range.end) {
    range.begin = std::min(range.begin, piece->first);
    range.end = std::max(range.end, piece->second);
    piece = held_.erase(piece);
  }
  held_[range.begin] = range.end;
}

std::vector<ByteRange> Receiver::reports() {
  constexpr size_t kMost = 3;
  std::vector<ByteRange> blocks;
  if (duplicate_) blocks.push_back(*duplicate_);
  duplicate_.reset();
  const auto in_block = [this](const auto& held) {
    return held.first <= latest_ && latest_ < held.second;
  };
  for (const auto& held : held_)
    if (in_block(held)) blocks.push_back({held.first, held.second});
  for (const auto& held : held_)
    if (!in_block(held) && blocks.size() < kMost) blocks.push_back({held.first, held.second});
  if (blocks.size() > kMost) blocks.resize(kMost);
  return blocks;
}

}  // namespace wireseam::test
