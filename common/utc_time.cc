// SPDX-License-Identifier: Apache-2.0
#include "common/utc_time.h"

#include <array>
#include <ctime>

namespace wireseam {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

std::string date_text(uint64_t second) {
  const auto time = static_cast<time_t>(second);
  tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts)};
}

}  // namespace

void UtcTime::append(std::string& out, uint64_t time_ns) {
  if (time_ns / kSecond != second_) {
    second_ = time_ns / kSecond;
    text_ = date_text(second_);
  }
  std::array<char, 11> fraction{'.', '0', '0', '0', '0', '0', '0', '0', '0', '0', 'Z'};
  uint64_t rest = time_ns % kSecond;
  for (size_t digit = 9; rest != 0; rest /= 10)
    fraction[digit--] = static_cast<char>('0' + rest % 10);
  out += text_;
  out.append(fraction.data(), fraction.size());
}

}  // namespace wireseam
