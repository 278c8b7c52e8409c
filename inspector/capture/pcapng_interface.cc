// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/pcapng_interface.h"

#include <algorithm>
#include <string_view>

#include "inspector/capture/pcapng_format.h"

namespace wireseam {
namespace {

constexpr size_t kLongestName = 64;

struct Option {
  uint16_t code = 0;
  PcapngFields value;
};

class Options {
 public:
  explicit Options(const PcapngFields& bytes) : rest_(bytes) {}

  // No value at their end, be it marked or the block's, and where one goes beyond it.
  std::optional<Option> next() {
    const uint16_t code = rest_.u16(0);
    const size_t size = rest_.u16(2);
    if (code == kPcapngOptEnd) return std::nullopt;
    broken_ = rest_.size() < kPcapngOptionHead + size;
    if (broken_) return std::nullopt;
    const PcapngFields value = rest_.from(kPcapngOptionHead);
    const size_t padding = -size % kPcapngAlignment;
    rest_ = value.from(size + padding);
    return Option{code, value.first(size)};
  }

  bool is_broken() const { return broken_; }

 private:
  PcapngFields rest_;
  bool broken_ = false;
};

// Some writers end it with a zero.
std::string name_of(const PcapngFields& value) {
  const auto bytes = value.first(kLongestName).bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return std::string(text.substr(0, text.find('\0')));
}

}  // namespace

std::optional<PcapngInterface> read_interface(const PcapngFields& body) {
  PcapngInterface interface { .link_type = body.u16(0), .snapshot_length = body.u32(4) };
  uint8_t resolution = PcapngClock::kMicroseconds;
  int64_t offset_s = 0;
  Options options(body.from(kPcapngInterfaceFields));
  while (const auto option = options.next()) {
    const PcapngFields& value = option->value;
    if (option->code == kPcapngIfName) interface.name = name_of(value);
    if (option->code == kPcapngIfTsresol && value.size() == 1) resolution = value.u8(0);
    if (option->code == kPcapngIfTsoffset && value.size() == 8)
      offset_s = static_cast<int64_t>(value.u64(0));
  }
  if (options.is_broken()) return std::nullopt;
  interface.clock = PcapngClock(resolution, offset_s);
  return interface;
}

bool read_drops(const PcapngFields& options, CaptureDrops& drops) {
  Options all(options);
  while (const auto option = all.next()) {
    const PcapngFields& value = option->value;
    if (option->code == kPcapngIsbIfdrop && value.size() == 8) drops.interface = value.u64(0);
    if (option->code == kPcapngIsbOsdrop && value.size() == 8) drops.kernel = value.u64(0);
  }
  return !all.is_broken();
}

}  // namespace wireseam
