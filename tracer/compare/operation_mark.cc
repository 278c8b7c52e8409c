// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/operation_mark.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace wireseam {
namespace {

// "wireseam:begin\n7\n12\nsocket.accept\n/home/me/echo.py", "wireseam:end"
constexpr std::string_view kBegin = "wireseam:begin\n";
constexpr std::string_view kEnd = "wireseam:end";

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

template <typename Number>
void take_number(std::string_view& text, Number& number) {
  const std::string_view line = take_line(text);
  std::from_chars(line.data(), line.data() + line.size(), number);
}

std::string_view written(const CallEvent& call) {
  const auto blob = call.blobs.find(1);
  if (!blob) return {};
  return {reinterpret_cast<const char*>(blob->bytes.data()), blob->bytes.size()};
}

}  // namespace

std::optional<OperationMark> operation_mark(const CallEvent& call) {
  const auto fd = static_cast<int32_t>(call.arguments[0]);
  if (call.number != CallNumber::write || fd != -1) return std::nullopt;
  std::string_view text = written(call);
  if (text == kEnd) return OperationMark{};
  if (!text.starts_with(kBegin)) return std::nullopt;
  text.remove_prefix(kBegin.size());
  OperationMark mark;
  mark.begins = true;
  take_number(text, mark.number);
  take_number(text, mark.operation.line);
  mark.operation.name = take_line(text);
  mark.operation.file = text;
  return mark;
}

}  // namespace wireseam
