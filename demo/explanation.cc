// SPDX-License-Identifier: Apache-2.0
#include "demo/explanation.h"

#include <string_view>

namespace wireseam {
namespace {

constexpr size_t kColumns = 79;

void append_paragraph(std::string& out, std::string_view text) {
  while (text.size() > kColumns) {
    const size_t blank = text.rfind(' ', kColumns);
    if (blank == text.npos) break;
    out += text.substr(0, blank);
    out += '\n';
    text.remove_prefix(blank + 1);
  }
  out += text;
  out += '\n';
}

}  // namespace

void append_explanation(std::string& out, const Explanation& paragraphs) {
  for (const std::string& paragraph : paragraphs) append_paragraph(out, paragraph);
}

}  // namespace wireseam
