// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/json_tree.h"

#include <nlohmann/json.hpp>

namespace wireseam {
namespace {

// In the order of the text.
using Json = nlohmann::ordered_json;

constexpr size_t kMostLines = 1000;
constexpr int kDeepest = 20;

std::string value_text(const Json& value) {
  return value.is_string() ? "\"" + value.get<std::string>() + "\""
                           : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void add(std::vector<Line>& lines, const std::string& name, const Json& value, int depth) {
  if (lines.size() >= kMostLines) return;
  Line line(std::string(static_cast<size_t>(depth) * 2, ' ') + name, Style::Header);
  if (!value.is_structured() || value.empty() || depth >= kDeepest) {
    lines.push_back(line.add(": " + value_text(value)));
    return;
  }
  lines.push_back(line);
  size_t index = 0;
  for (const auto& item : value.items()) {
    add(lines, value.is_array() ? std::to_string(index) : item.key(), item.value(), depth + 1);
    ++index;
  }
}

}  // namespace

std::vector<Line> json_lines(std::string_view text) {
  std::vector<Line> lines;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    lines.emplace_back(std::string(text), Style::Header);
    return lines;
  }
  for (const auto& item : json.items()) add(lines, item.key(), item.value(), 1);
  return lines;
}

}  // namespace wireseam
