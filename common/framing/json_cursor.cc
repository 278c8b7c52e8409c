// SPDX-License-Identifier: Apache-2.0
// The tokens of JSON.
#include "common/framing/json_cursor.h"

namespace wireseam {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

// Most of a header lies within strings, so this loop is the one that counts.
size_t find_string_stop(std::string_view text, size_t at) {
  while (at < text.size() && text[at] != '"' && text[at] != '\\' && !is_control(text[at])) ++at;
  return at;
}

}  // namespace

void JsonCursor::skip_space() {
  while (!at_end() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
    ++at_;
}

bool JsonCursor::skip(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool JsonCursor::skip_word(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool JsonCursor::skip_string() {
  if (!skip('"')) return false;
  for (;;) {
    at_ = find_string_stop(text_, at_);
    if (at_end() || is_control(text_[at_])) return false;
    if (text_[at_++] == '"') return true;
    if (!skip_escape()) return false;
  }
}

bool JsonCursor::skip_escape() {
  if (!skip('u')) {
    if (at_end() || std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos)
      return false;
    ++at_;
    return true;
  }
  for (int digit = 0; digit < 4; ++digit) {
    if (!is_hex_digit(peek())) return false;
    ++at_;
  }
  return true;
}

bool JsonCursor::skip_number() {
  skip('-');
  if (!skip('0') && !skip_digits()) return false;
  if (skip('.') && !skip_digits()) return false;
  if (!skip('e') && !skip('E')) return true;
  if (!skip('+')) skip('-');
  return skip_digits();
}

bool JsonCursor::skip_digits() {
  const size_t begin = at_;
  while (is_digit(peek())) ++at_;
  return at_ > begin;
}

}  // namespace wireseam
