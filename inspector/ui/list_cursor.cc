// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/list_cursor.h"

#include <algorithm>

namespace wireseam {

std::optional<uint64_t> ListCursor::key() const {
  if (line_ >= keys.size()) return std::nullopt;
  return keys[line_];
}

void ListCursor::settle(int height) {
  height_ = static_cast<size_t>(std::max(1, height));
  const size_t last = keys.empty() ? 0 : keys.size() - 1;
  if (follow) {
    line_ = last;
  } else if (known_ && (line_ >= keys.size() || keys[line_] != key_)) {
    // Where it has fallen away the next one takes its place.
    const auto found = std::ranges::find(keys, key_);
    if (found != keys.end()) {
      const size_t moved = static_cast<size_t>(found - keys.begin());
      // It stays where it is on the screen.
      top_ = moved > line_ ? top_ + (moved - line_) : top_ - std::min(top_, line_ - moved);
      line_ = moved;
    } else if (const auto next =
                   std::ranges::find_if(keys, [&](uint64_t key) { return key > key_; });
               next != keys.end()) {
      line_ = static_cast<size_t>(next - keys.begin());
    }
  }
  line_ = std::min(line_, last);
  top_ = std::clamp(top_, line_ + 1 > height_ ? line_ + 1 - height_ : 0, line_);
  top_ = std::min(top_, keys.size() > height_ ? keys.size() - height_ : 0);
  known_ = !keys.empty();
  if (known_) key_ = keys[line_];
}

void ListCursor::go_to(size_t line) {
  const size_t last = keys.empty() ? 0 : keys.size() - 1;
  if (line < line_) follow = false;
  line_ = std::min(line, last);
  known_ = false;
}

bool ListCursor::go_to_key(uint64_t key) {
  const auto found = std::ranges::find(keys, key);
  if (found == keys.end()) return false;
  follow = false;
  go_to(static_cast<size_t>(found - keys.begin()));
  return true;
}

bool ListCursor::move(Action action, uint64_t count) {
  const size_t times = std::max<uint64_t>(1, count);
  const auto up = [&](size_t lines) { go_to(line_ - std::min(line_, lines)); };
  const auto down = [&](size_t lines) { go_to(line_ + std::min(keys.size(), lines)); };
  const size_t half = std::max<size_t>(1, height_ / 2);
  if (action == Action::Up) {
    up(times);
  } else if (action == Action::Down) {
    down(times);
  } else if (action == Action::PageUp) {
    up(times * height_);
  } else if (action == Action::PageDown) {
    down(times * height_);
  } else if (action == Action::HalfUp) {
    up(times * half);
  } else if (action == Action::HalfDown) {
    down(times * half);
  } else if (action == Action::First || (action == Action::Last && count > 0)) {
    follow = false;
    go_to(times - 1);
  } else if (action == Action::Last) {
    go_to(keys.size());
  } else {
    return false;
  }
  return true;
}

}  // namespace wireseam
