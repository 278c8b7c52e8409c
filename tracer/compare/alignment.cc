// SPDX-License-Identifier: Apache-2.0
// Two sequences that should be the same mostly are: as long as the next of both are a sure pair
// they are taken. Where they are not, the best alignment of the next few of each is computed
// (Needleman and Wunsch, 1970), and the first half of it is taken: what comes later has more of its
// context in the next window. A window without any pair grows, up to a bound; what is longer than
// that without a pair is passed over in parts.
#include "tracer/compare/alignment.h"

#include <algorithm>

namespace wireseam {
namespace {

constexpr size_t kWindow = 128;
constexpr size_t kLargestWindow = 2048;

class Aligner {
 public:
  Aligner(size_t left_size, size_t right_size, const PairWorth& worth)
      : left_size_(left_size), right_size_(right_size), worth_(worth) {}

  std::vector<AlignedPair> run() {
    size_t window = kWindow;
    while (left_ < left_size_ && right_ < right_size_) {
      if (worth_(left_, right_) >= kSurePair) {
        pairs_.push_back({left_++, right_++});
        continue;
      }
      const bool paired = align_window(window);
      if (!paired && window < kLargestWindow && !reaches_both_ends(window)) {
        window *= 2;
        continue;
      }
      if (!paired) pass_over(window);
      window = kWindow;
    }
    return std::move(pairs_);
  }

 private:
  size_t rows(size_t window) const { return std::min(window, left_size_ - left_); }
  size_t columns(size_t window) const { return std::min(window, right_size_ - right_); }

  bool reaches_both_ends(size_t window) const {
    return left_size_ - left_ <= window && right_size_ - right_ <= window;
  }

  // best_[row, column]: the worth of the best alignment of what follows in the window.
  int& best(size_t row, size_t column) { return best_[row * width_ + column]; }

  void compute(size_t rows, size_t columns) {
    width_ = columns + 1;
    best_.assign((rows + 1) * width_, 0);
    for (size_t row = rows; row-- > 0;) {
      for (size_t column = columns; column-- > 0;) {
        const int pair = worth_(left_ + row, right_ + column);
        const int with = pair > 0 ? pair + best(row + 1, column + 1) : 0;
        best(row, column) = std::max({with, best(row + 1, column), best(row, column + 1)});
      }
    }
  }

  // Whether there was a pair; then those of the first half are taken, the first one at least.
  bool align_window(size_t window) {
    const size_t rows = this->rows(window);
    const size_t columns = this->columns(window);
    const bool last = reaches_both_ends(window);
    compute(rows, columns);
    if (best(0, 0) == 0) return false;
    size_t row = 0;
    size_t column = 0;
    bool taken = false;
    while (row < rows && column < columns && best(row, column) > 0) {
      if (!last && taken && (row * 2 >= rows || column * 2 >= columns)) break;
      taken = step(row, column) || taken;
    }
    left_ = last ? left_size_ : left_ + row;
    right_ = last ? right_size_ : right_ + column;
    return true;
  }

  // An early pair is as good as a late one: what is left over then stands behind it.
  bool step(size_t& row, size_t& column) {
    const int pair = worth_(left_ + row, right_ + column);
    if (pair > 0 && best(row, column) == pair + best(row + 1, column + 1)) {
      pairs_.push_back({left_ + row++, right_ + column++});
      return true;
    }
    if (best(row, column) == best(row, column + 1))
      ++column;
    else
      ++row;
    return false;
  }

  void pass_over(size_t window) {
    const size_t rows = this->rows(window);
    const size_t columns = this->columns(window);
    left_ += rows == left_size_ - left_ ? 0 : rows / 2;
    right_ += columns == right_size_ - right_ && rows < window ? columns : (columns + 1) / 2;
  }

  const size_t left_size_;
  const size_t right_size_;
  const PairWorth& worth_;
  size_t left_ = 0;
  size_t right_ = 0;
  size_t width_ = 0;
  std::vector<int> best_;
  std::vector<AlignedPair> pairs_;
};

}  // namespace

std::vector<AlignedPair> align(size_t left_size, size_t right_size, const PairWorth& worth) {
  return Aligner(left_size, right_size, worth).run();
}

}  // namespace wireseam
