// SPDX-License-Identifier: Apache-2.0
// One row for each parameter.
#include "common/framing/parameter.h"

#include <charconv>
#include <optional>
#include <type_traits>
#include <utility>

namespace wireseam {
namespace {

template <typename T>
std::optional<T> read_number(std::string_view text) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  T value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <typename T>
struct NumberOf {
  using Type = T;
  static std::string text(T value) { return std::to_string(value); }
};

template <typename T>
struct NumberOf<std::optional<T>> {
  using Type = T;
  static std::string text(std::optional<T> value) { return value ? std::to_string(*value) : ""; }
};

// A number from kLow to kHigh.
template <auto kMember, int64_t kLow, uint64_t kHigh>
struct Number {
  using Field = NumberOf<std::remove_reference_t<decltype(std::declval<Shape&>().*kMember)>>;
  using Wide = std::conditional_t<(kLow < 0), int64_t, uint64_t>;

  static bool set(Shape& shape, std::string_view text) {
    const auto value = read_number<Wide>(text);
    if (!value || std::cmp_less(*value, kLow) || std::cmp_greater(*value, kHigh)) return false;
    shape.*kMember = static_cast<typename Field::Type>(*value);
    return true;
  }
  static std::string get(const Shape& shape) { return Field::text(shape.*kMember); }
  static std::string allowed() {
    return "a number from " + std::to_string(kLow) + " to " + std::to_string(kHigh);
  }
};

// One of the words of a list, each of which stands for a value.
template <auto kMember, const auto& kWords>
struct Word {
  static bool set(Shape& shape, std::string_view text) {
    for (const auto& [word, value] : kWords) {
      if (word != text) continue;
      shape.*kMember = value;
      return true;
    }
    return false;
  }
  static std::string get(const Shape& shape) {
    for (const auto& [word, value] : kWords)
      if (value == shape.*kMember) return std::string(word);
    return "";
  }
  static std::string allowed() {
    std::string words;
    for (const auto& [word, value] : kWords) {
      if (!words.empty()) words += '|';
      words += word;
    }
    return words;
  }
};

template <typename T>
using NamedValue = std::pair<std::string_view, T>;

constexpr NamedValue<ByteOrder> kOrders[] = {{"be", ByteOrder::Big}, {"le", ByteOrder::Little}};
constexpr NamedValue<Signedness> kSigns[] = {{"unsigned", Signedness::Unsigned},
                                             {"signed", Signedness::Signed}};
constexpr NamedValue<Digits> kDigits[] = {
    {"no", Digits::None}, {"hex", Digits::Hex}, {"dec", Digits::Decimal}};
constexpr NamedValue<Delimiter> kEnds[] = {
    {"newline", {.bytes = {'\n'}, .size = 1, .drops_cr = true}},
    {"lf", {.bytes = {'\n'}, .size = 1}},
    {"crlf", {.bytes = {'\r', '\n'}, .size = 2}},
    {"nul", {.bytes = {'\0'}, .size = 1}},
};

template <typename Value>
constexpr FramingParameter row(std::string_view name, unsigned kinds) {
  return {name, kinds, Value::set, Value::get, Value::allowed};
}

constexpr unsigned bit(ShapeKind kind) { return 1u << static_cast<unsigned>(kind); }

constexpr unsigned kFixed = bit(ShapeKind::Fixed);
constexpr unsigned kField = bit(ShapeKind::LengthField);
constexpr unsigned kVarint = bit(ShapeKind::Varint);
constexpr unsigned kDelimited = bit(ShapeKind::Delimited);
constexpr unsigned kHeader = bit(ShapeKind::JsonHeader);
constexpr uint64_t kLargest = INT64_MAX;

constexpr FramingParameter kParameters[] = {
    row<Number<&Shape::max, 1, kLargest>>("size", kFixed),
    row<Number<&Shape::offset, 0, 65535>>("offset", kField | kVarint),
    row<Number<&Shape::width, 1, 20>>("width", kField | kVarint),
    row<Number<&Shape::adjust, INT32_MIN, INT32_MAX>>("adjust", kField | kVarint),
    row<Word<&Shape::order, kOrders>>("order", kField),
    row<Word<&Shape::end, kEnds>>("end", kDelimited),
    row<Number<&Shape::max, 1, kLargest>>("max", kField | kVarint | kDelimited | kHeader),
    row<Number<&Shape::strip, 0, 65535>>("strip", kField),
    row<Number<&Shape::trailer, 0, 65535>>("trailer", kField),
    row<Number<&Shape::min, 1, kLargest>>("min", kField | kVarint),
    row<Word<&Shape::sign, kSigns>>("sign", kField),
    row<Number<&Shape::mask, 1, UINT64_MAX>>("mask", kField),
    row<Word<&Shape::digits, kDigits>>("digits", kField),
    row<Number<&Shape::bare_up_to, 0, 65535>>("bare", kField),
};

}  // namespace

std::span<const FramingParameter> all_parameters() { return kParameters; }

bool has_parameter(ShapeKind kind, const FramingParameter& parameter) {
  return (parameter.kinds & bit(kind)) != 0;
}

}  // namespace wireseam
