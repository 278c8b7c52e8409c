// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/search.h"

#include <algorithm>
#include <cctype>

namespace wireseam {

std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line.spans()) text += span.text;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

bool contains_text(std::string_view text, std::string_view part) {
  const auto same = [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  };
  return part.empty() ||
         std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

}  // namespace wireseam
