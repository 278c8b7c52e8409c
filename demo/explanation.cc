// SPDX-License-Identifier: Apache-2.0
#include "demo/explanation.h"

#include "inspector/report/text_line.h"

namespace wireseam {

void append_explanation(std::string& out, const Explanation& paragraphs) {
  for (const std::string& paragraph : paragraphs) append_folded(out, paragraph, "");
}

}  // namespace wireseam
