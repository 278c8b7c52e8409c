// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "common/error.h"
#include "common/utf8.h"

namespace wireseam {
namespace {

constexpr uint64_t kLongestLimitS = 86'400;
constexpr int kLargest = 1000;  // rows or columns

struct VerbRow {
  std::string_view name;
  ScriptVerb verb;
  std::string_view operand;  // empty: it takes none
};

constexpr VerbRow kVerbs[] = {
    {"size", ScriptVerb::Size, "COLUMNSxROWS"}, {"press", ScriptVerb::Press, "KEY..."},
    {"type", ScriptVerb::Type, "TEXT"},         {"limit", ScriptVerb::Limit, "SECONDS"},
    {"wait", ScriptVerb::Wait, "TEXT"},         {"show", ScriptVerb::Show, ""},
};

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

template <typename Number>
std::optional<Number> parse_whole(std::string_view text, Number most) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > most)
    return std::nullopt;
  return number;
}

bool read_size(ScriptStep& step, std::string_view operand) {
  const size_t cross = std::min(operand.find('x'), operand.size());
  const auto columns = parse_whole(operand.substr(0, cross), kLargest);
  const auto rows = parse_whole(operand.substr(std::min(cross + 1, operand.size())), kLargest);
  if (columns && rows) step.size = {*rows, *columns};
  return columns && rows;
}

bool read_keys(ScriptStep& step, std::string_view operand) {
  while (!operand.empty()) {
    const auto key = parse_key(take_word(operand));
    if (!key) return false;
    step.keys.push_back(*key);
  }
  return !step.keys.empty();
}

bool read_characters(ScriptStep& step, std::string_view operand) {
  while (const auto point = decode_utf8(operand)) {
    step.keys.push_back({point->value});
    operand.remove_prefix(point->size);
  }
  return operand.empty() && !step.keys.empty();
}

bool read_operand(ScriptStep& step, std::string_view operand) {
  switch (step.verb) {
    case ScriptVerb::Size:
      return read_size(step, operand);
    case ScriptVerb::Press:
      return read_keys(step, operand);
    case ScriptVerb::Limit:
      step.limit_ms = 1000 * parse_whole(operand, kLongestLimitS).value_or(0);
      return step.limit_ms != 0;
    case ScriptVerb::Type:
      return read_characters(step, operand);
    case ScriptVerb::Wait:
      step.text = operand;
      return !operand.empty();
    case ScriptVerb::Show:
      return operand.empty();
  }
  return false;
}

[[noreturn]] void reject(const std::string& name, size_t line, const std::string& why) {
  throw Error(fmt::format("{}:{}: {}", name, line, why));
}

ScriptStep parse_step(std::string_view text, const std::string& name, size_t line) {
  const std::string_view verb = take_word(text);
  const auto* row = std::ranges::find(kVerbs, verb, &VerbRow::name);
  if (row == std::end(kVerbs)) {
    std::string known;
    for (const VerbRow& each : kVerbs) known += fmt::format(" {}", each.name);
    reject(name, line, fmt::format("'{}' is none of the commands:{}", verb, known));
  }
  ScriptStep step{.verb = row->verb, .line = line};
  if (!read_operand(step, text))
    reject(name, line,
           row->operand.empty()
               ? fmt::format("behind '{}' comes nothing, not '{}'", verb, text)
               : fmt::format("behind '{}' comes {}, not '{}'", verb, row->operand, text));
  return step;
}

}  // namespace

Script parse_script(std::string_view text, std::string name) {
  Script script{std::move(name), {}};
  for (size_t line = 1; !text.empty(); ++line) {
    const std::string_view command = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), command.size() + 1));
    if (command.find_first_not_of(" \t\r") == command.npos || command.starts_with('#')) continue;
    script.steps.push_back(parse_step(command, script.name, line));
  }
  return script;
}

}  // namespace wireseam
