// SPDX-License-Identifier: Apache-2.0
// Reads JSON Lines of wireseam inspect as they come, and prints how long after its last byte was
// captured each frame's line could be read: the number of frames, then the median, the 99th
// percentile and the most, in microseconds. Then the last line of all, the summary.
//
//   wireseam inspect -i lo --json | line_delays
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr size_t kChunk = size_t{256} << 10;

int64_t now_us() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// Of "2024-05-06T07:08:09.123456789Z", since the epoch.
int64_t microseconds(std::string_view text) {
  tm time{};
  time.tm_year = number(text.substr(0, 4)) - 1900;
  time.tm_mon = number(text.substr(5, 2)) - 1;
  time.tm_mday = number(text.substr(8, 2));
  time.tm_hour = number(text.substr(11, 2));
  time.tm_min = number(text.substr(14, 2));
  time.tm_sec = number(text.substr(17, 2));
  return static_cast<int64_t>(timegm(&time)) * 1'000'000 + number(text.substr(20, 6));
}

class Delays {
 public:
  void line(std::string_view line, int64_t read_us) {
    constexpr std::string_view kTime = R"("last_time":")";
    constexpr size_t kTimeSize = 30;
    const size_t at = line.find(kTime);
    if (line.find(R"("type":"frame")") == line.npos || at == line.npos) return;
    const int64_t delay_us = read_us - microseconds(line.substr(at + kTime.size(), kTimeSize));
    delays_us_.push_back(static_cast<int32_t>(std::clamp<int64_t>(delay_us, 0, INT32_MAX)));
  }

  void print() {
    std::ranges::sort(delays_us_);
    std::printf("%zu %d %d %d\n", delays_us_.size(), percentile(50), percentile(99),
                percentile(100));
  }

 private:
  int32_t percentile(size_t percent) const {
    if (delays_us_.empty()) return 0;
    return delays_us_[std::min(delays_us_.size() * percent / 100, delays_us_.size() - 1)];
  }

  std::vector<int32_t> delays_us_;
};

}  // namespace

int main() {
  Delays delays;
  std::string text;
  std::string last;
  for (;;) {
    const size_t held = text.size();
    text.resize(held + kChunk);
    const ssize_t got = read(STDIN_FILENO, text.data() + held, kChunk);
    const int64_t read_us = now_us();
    text.resize(held + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got <= 0) break;
    size_t begin = 0;
    for (size_t end = 0; (end = text.find('\n', begin)) != text.npos; begin = end + 1) {
      const auto line = std::string_view(text).substr(begin, end - begin);
      delays.line(line, read_us);
      last = line;
    }
    text.erase(0, begin);
  }
  delays.print();
  std::printf("%s\n", last.c_str());
  return last.empty() ? EXIT_FAILURE : EXIT_SUCCESS;
}
