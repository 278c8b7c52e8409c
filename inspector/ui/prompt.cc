// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/prompt.h"

#include "common/utf8.h"
#include "inspector/ui/canvas.h"

namespace wireseam {
namespace {

constexpr size_t kLongest = 500;  // characters

std::u32string decoded(std::string_view text) {
  std::u32string points;
  while (const auto point = decode_utf8(text)) {
    points += point->value;
    text.remove_prefix(point->size);
  }
  return points;
}

std::string encoded(const std::u32string& points) {
  std::string text;
  for (const char32_t point : points) append_utf8(text, point);
  return text;
}

std::string sign_of(Action purpose) {
  if (purpose == Action::Search) return "/";
  if (purpose == Action::Filter) return "filter: ";
  if (purpose == Action::Write) return "write to file: ";
  return ":";
}

}  // namespace

void Prompt::open(Action purpose, std::string text) {
  purpose_ = purpose;
  text_ = decoded(text);
}

std::optional<std::string> Prompt::key(Key key) {
  if (key.code == kKeyEnter) {
    purpose_.reset();
    return encoded(text_);
  }
  if (key.code == kKeyEscape || key.code == control('c') ||
      (key.code == kKeyBackspace && text_.empty()))
    purpose_.reset();
  else if (key.code == kKeyBackspace)
    text_.pop_back();
  else if (key.code == control('u'))
    text_.clear();
  else if (key.is_character() && text_.size() < kLongest)
    text_ += key.code;
  return std::nullopt;
}

std::string Prompt::shown() const { return sign_of(*purpose_) + encoded(text_); }

}  // namespace wireseam
