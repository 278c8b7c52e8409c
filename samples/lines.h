// SPDX-License-Identifier: Apache-2.0
// Puts lines together from the pieces in which a stream's bytes come.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace wireseam::samples {

class Lines {
 public:
  void add(std::string_view bytes) { bytes_ += bytes; }

  // The next line that is whole, without its newline.
  std::optional<std::string> next() {
    const size_t newline = bytes_.find('\n', searched_);
    searched_ = newline == bytes_.npos ? bytes_.size() : 0;
    if (newline == bytes_.npos) return std::nullopt;
    std::string line = bytes_.substr(0, newline);
    bytes_.erase(0, newline + 1);
    return line;
  }

  // What has come of a line that is not whole.
  const std::string& rest() const { return bytes_; }
  std::string take_rest() {
    searched_ = 0;
    return std::exchange(bytes_, {});
  }

 private:
  std::string bytes_;
  size_t searched_ = 0;  // no newline before
};

}  // namespace wireseam::samples
