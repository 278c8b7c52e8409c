// SPDX-License-Identifier: Apache-2.0
// Steps over the tokens of JSON text (RFC 8259). Each step says whether its token was there; after
// one that was not, the cursor stands at the byte that is wrong.
#pragma once

#include <cstddef>
#include <string_view>

namespace wireseam {

class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) {}

  size_t offset() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  std::string_view text_from(size_t begin) const { return text_.substr(begin, at_ - begin); }

  void skip_space();
  bool skip(char c);
  bool skip_word(std::string_view word);
  bool skip_number();

  // Bytes of 0x80 and above are taken as they are, UTF-8 or not: a file's name may be any bytes.
  bool skip_string();

 private:
  bool skip_escape();
  bool skip_digits();

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace wireseam
