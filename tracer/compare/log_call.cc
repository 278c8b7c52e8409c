// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_call.h"

#include <algorithm>

#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

// " <0.000123>" at the end, which is cut off.
std::optional<uint64_t> cut_duration(std::string_view& text) {
  const size_t begin = text.rfind(" <");
  if (!text.ends_with('>') || begin == std::string_view::npos) return std::nullopt;
  const auto ns = seconds_in_ns(text.substr(begin + 2, text.size() - begin - 3));
  if (ns) text = text.substr(0, begin);
  return ns;
}

// "EAGAIN (Resource temporarily unavailable)", "(errno 600)".
std::optional<int32_t> error_number(std::string_view text) {
  static constexpr std::string_view kNumber = "(errno ";
  if (text.starts_with(kNumber)) {
    const auto number = number_of(text.substr(kNumber.size(), text.find(')') - kNumber.size()));
    return number ? std::optional(static_cast<int32_t>(*number)) : std::nullopt;
  }
  const auto errors = constants(ConstantGroup::Errno);
  const auto error = std::ranges::find(errors, text.substr(0, text.find(' ')), &Constant::name);
  return error != errors.end() ? std::optional(static_cast<int32_t>(error->value)) : std::nullopt;
}

// "?", or "? ERESTARTSYS (To be restarted if SA_RESTART is set)".
bool parse_no_result(std::string_view text, LogCall& call) {
  call.state = CallState::CutOff;
  if (text.empty()) return true;
  const auto error = error_number(text.substr(1));
  if (!error) return false;
  call.state = CallState::Returned;
  call.result = -1;
  call.errnum = *error;
  return true;
}

bool parse_failure(std::string_view text, LogCall& call) {
  const auto error = error_number(text);
  call.errnum = error.value_or(0);
  return error.has_value();
}

// "3", "3<TCP:[...]>", "-1 EAGAIN (...)", "1 (in [3])".
bool parse_result(std::string_view text, LogCall& call) {
  call.duration_ns = cut_duration(text);
  call.state = CallState::Returned;
  LogValueParser parser(text);
  if (parser.take("?")) return parse_no_result(parser.rest(), call);
  const auto value = parser.value();
  const auto number = value ? number_of(value->word) : std::nullopt;
  if (!number) return false;
  call.result = static_cast<int64_t>(*number);
  call.result_note = value->note;
  parser.skip_spaces();
  if (call.result == -1 && !parser.rest().empty() && !parser.rest().starts_with("(flags"))
    return parse_failure(parser.rest(), call);
  if (!parser.take("(")) return true;
  // What can't be read of it is left out: the result itself is known.
  call.told = parser.arguments().value_or(std::vector<LogValue>{});
  return true;
}

}  // namespace

std::optional<LogCall> parse_log_call(std::string_view text) {
  static constexpr std::string_view kUnfinished = "<unfinished ...>";
  LogCall call;
  LogValueParser parser(text);
  auto arguments = parser.arguments();
  if (!arguments) return std::nullopt;
  call.arguments = std::move(*arguments);
  if (parser.take(kUnfinished)) {
    call.state = CallState::Running;
    if (parser.rest().empty()) return call;
    if (!parser.take(")")) return std::nullopt;
  }
  parser.skip_spaces();
  if (!parser.take("=")) return std::nullopt;
  parser.skip_spaces();
  return parse_result(parser.rest(), call) ? std::optional(std::move(call)) : std::nullopt;
}

}  // namespace wireseam
