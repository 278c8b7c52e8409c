// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/source_lines.h"

#include <fstream>
#include <string_view>

#include "common/escape.h"

namespace wireseam {
namespace {

constexpr size_t kMostLines = 100'000;  // a file that is named like a script may be anything

std::vector<std::string> read_lines(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; lines.size() < kMostLines && std::getline(file, line);)
    lines.push_back(line);
  return lines;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

std::string_view after_last(std::string_view text, char separator) {
  return text.substr(text.rfind(separator) + 1);
}

}  // namespace

std::string SourceLines::line(const std::string& file, uint32_t number) {
  const auto [found, is_new] = files_.try_emplace(file);
  if (is_new) found->second = read_lines(file);
  const auto& lines = found->second;
  if (number == 0 || number > lines.size()) return {};
  return std::string(trimmed(lines[number - 1]));
}

std::string SourceLines::describe(const Operation& operation) {
  const std::string source = line(operation.file, operation.line);
  const std::string_view called = after_last(operation.name, '.');
  std::string text(after_last(operation.file, '/'));
  text += ':' + std::to_string(operation.line);
  if (!source.empty()) text += ' ' + source;
  if (source.find(called) == source.npos)
    text += source.empty() ? " " + operation.name : " (" + operation.name + ")";
  std::string shown;
  append_escaped(shown, text);
  return shown;
}

}  // namespace wireseam
