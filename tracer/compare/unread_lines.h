// SPDX-License-Identifier: Apache-2.0
// Tells the user which lines of a log could not be read: the first ones, and then how many more.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tracer/compare/strace_log.h"

namespace wireseam {

class UnreadLines {
 public:
  using Say = std::function<void(const std::string&)>;

  UnreadLines(std::string file, Say say) : file_(std::move(file)), say_(std::move(say)) {}

  void add(const UnreadLine& line) {
    if (++count_ <= kShown) say_(file_ + ":" + std::to_string(line.number) + ": " + line.reason);
  }

  void finish() const {
    if (count_ > kShown)
      say_(file_ + ": lines that can't be read: " + std::to_string(count_) + " in all");
  }

 private:
  static constexpr uint64_t kShown = 10;

  std::string file_;
  Say say_;
  uint64_t count_ = 0;
};

}  // namespace wireseam
