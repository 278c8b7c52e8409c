// SPDX-License-Identifier: Apache-2.0
// Compares command lines. Knows the shell's grammar only so far as to stay clear of it.
#include "samples/exec/allow_list.h"

#include <algorithm>

namespace wireseam::samples {
namespace {

constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-+=.,:/@%";

bool entry_allows(std::string_view entry, std::string_view line) {
  if (line == entry) return true;
  const bool one_word = entry.find(' ') == entry.npos;
  return one_word && line.starts_with(entry) && line.substr(entry.size()).starts_with(' ') &&
         line.find_first_not_of(kPlain, entry.size()) == line.npos;
}

}  // namespace

bool is_allowed(std::string_view line, const std::vector<std::string>& entries) {
  return entries.empty() || std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
           return entry_allows(entry, line);
         });
}

}  // namespace wireseam::samples
