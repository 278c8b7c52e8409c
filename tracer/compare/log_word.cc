// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_word.h"

#include <algorithm>
#include <charconv>

namespace wireseam {
namespace {

constexpr uint64_t kNsPerSecond = 1'000'000'000;

std::optional<uint64_t> digits(std::string_view text, int base) {
  uint64_t number = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, base);
  const bool whole = error == std::errc{} && end == last;
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<uint64_t> constant_of(std::string_view name,
                                    std::initializer_list<ConstantGroup> groups) {
  for (const ConstantGroup group : groups) {
    const auto rows = constants(group);
    const auto row = std::ranges::find(rows, name, &Constant::name);
    if (row != rows.end()) return row->value;
  }
  return number_of(name);
}

}  // namespace

std::optional<uint64_t> number_of(std::string_view word) {
  if (word == "NULL") return 0;
  const bool negative = word.starts_with('-');
  if (negative) word.remove_prefix(1);
  const bool hex = word.starts_with("0x");
  const bool octal = !hex && word.size() > 1 && word.starts_with('0');
  const int base = octal ? 8 : 10;
  const auto number = hex ? digits(word.substr(2), 16) : digits(word, base);
  if (!number) return std::nullopt;
  return negative ? uint64_t{0} - *number : *number;
}

std::optional<uint64_t> flags_of(std::string_view word,
                                 std::initializer_list<ConstantGroup> groups) {
  uint64_t flags = 0;
  while (true) {
    const size_t bar = std::min(word.find('|'), word.size());
    const auto flag = constant_of(word.substr(0, bar), groups);
    if (!flag) return std::nullopt;
    flags |= *flag;
    if (bar == word.size()) return flags;
    word.remove_prefix(bar + 1);
  }
}

std::optional<uint64_t> seconds_in_ns(std::string_view text) {
  constexpr size_t kDigits = 9;
  const size_t point = std::min(text.find('.'), text.size());
  const auto seconds = digits(text.substr(0, point), 10);
  if (!seconds || *seconds > UINT64_MAX / kNsPerSecond - 1) return std::nullopt;
  const std::string_view fraction = point < text.size() ? text.substr(point + 1) : "";
  if (fraction.empty()) return *seconds * kNsPerSecond;
  auto ns = digits(fraction, 10);
  if (!ns || fraction.size() > kDigits) return std::nullopt;
  for (size_t i = fraction.size(); i < kDigits; ++i) *ns *= 10;
  return *seconds * kNsPerSecond + *ns;
}

}  // namespace wireseam
