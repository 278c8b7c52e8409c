// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace wireseam {
namespace {

constexpr size_t kWidth = 40;
constexpr auto kBetween = std::chrono::milliseconds(100);

}  // namespace

// What is done before the first one would have been drawn needs none.
ProgressBar::ProgressBar()
    : visible_(isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + 3 * kBetween) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(uint64_t done, uint64_t all) {
  const auto now = std::chrono::steady_clock::now();
  if (!visible_ || all == 0 || now < next_) return;
  next_ = now + kBetween;
  drawn_ = true;
  const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
  std::string bar(static_cast<size_t>(part * kWidth), '#');
  bar.resize(kWidth, ' ');
  std::fprintf(stderr, "\r[%s] %3.0f %% of %.0f MB", bar.c_str(), part * 100,
               static_cast<double>(all) / 1e6);
}

}  // namespace wireseam
