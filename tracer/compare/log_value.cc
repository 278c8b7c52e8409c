// SPDX-License-Identifier: Apache-2.0
// A descent with one function for each part of the grammar. The depth is bounded: a text of a
// million brackets must not overflow the stack.
#include "tracer/compare/log_value.h"

#include <algorithm>

namespace wireseam {
namespace {

constexpr size_t kMaxDepth = 64;
constexpr std::string_view kUnfinished = "<unfinished ...>";

bool ends_word(char c) { return std::string_view(" ,)]}({<=\"").find(c) != std::string_view::npos; }
bool is_octal(char c) { return c >= '0' && c <= '7'; }

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What a letter behind a backslash stands for; the letter itself where it is none of C's.
char unescaped(char letter) {
  static constexpr std::string_view kLetters = "abfnrtv";
  static constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v";
  const size_t i = kLetters.find(letter);
  return i == std::string_view::npos ? letter : kMeanings[i];
}

}  // namespace

const LogValue* LogValue::field(std::string_view wanted) const {
  const auto found = std::ranges::find(items, wanted, &LogValue::name);
  return found != items.end() ? &*found : nullptr;
}

bool LogValueParser::take(std::string_view wanted) {
  if (!at(wanted)) return false;
  at_ += wanted.size();
  return true;
}

void LogValueParser::skip_spaces() {
  while (!at_end() && text_[at_] == ' ') ++at_;
}

std::optional<std::vector<LogValue>> LogValueParser::arguments() {
  LogValue all;
  if (!items_until(')', all)) return std::nullopt;
  return std::move(all.items);
}

std::optional<LogValue> LogValueParser::value() {
  if (depth_ == kMaxDepth) return std::nullopt;
  ++depth_;
  auto value = bare_value();
  const bool whole = value && suffixes(*value);
  --depth_;
  return whole ? std::move(value) : std::nullopt;
}

// What may stand behind a value: <note>, /* comment */, => another value.
bool LogValueParser::suffixes(LogValue& value) {
  if (at("<") && !at(kUnfinished) && !note(value)) return false;
  const size_t end = at_;
  skip_spaces();
  while (at("/*")) {
    if (!comment(value)) return false;
    skip_spaces();
  }
  if (take("=>")) {
    skip_spaces();
    auto after = this->value();
    if (!after) return false;
    value.after.push_back(std::move(*after));
    return true;
  }
  if (value.comment.empty()) at_ = end;
  return true;
}

std::optional<LogValue> LogValueParser::bare_value() {
  LogValue value;
  if (at("\"") || at("@\"")) return string();
  value.inverted = take("~");
  if (take("{")) {
    value.kind = LogValue::Kind::Struct;
    return items_until('}', value) ? std::optional(std::move(value)) : std::nullopt;
  }
  if (take("[")) {
    value.kind = LogValue::Kind::Array;
    return items_until(']', value) ? std::optional(std::move(value)) : std::nullopt;
  }
  return word();
}

// Items with commas or spaces between them, and the end.
bool LogValueParser::items_until(char end, LogValue& parent) {
  while (true) {
    skip_spaces();
    if (at_end()) return false;
    if (text_[at_] == end) return take({&end, 1});
    if (at(kUnfinished)) return depth_ == 0;
    if (take(",")) continue;
    if (take("...")) {
      parent.cut = true;
      skip_spaces();
      if (at("/*") && !comment(parent)) return false;
      continue;
    }
    auto next = item();
    if (!next) return false;
    parent.items.push_back(std::move(*next));
  }
}

std::optional<LogValue> LogValueParser::item() {
  const std::string_view name = field_name();
  auto item = value();
  if (item) item->name = name;
  return item;
}

// The name before a '=', which is passed over too.
std::string_view LogValueParser::field_name() {
  size_t end = at_;
  while (end < text_.size() && is_name(text_[end])) ++end;
  const bool named = end > at_ && end + 1 < text_.size() && text_[end] == '=' &&
                     text_[end + 1] != '>' && text_[end + 1] != '=';
  if (!named) return {};
  const std::string_view name = text_.substr(at_, end - at_);
  at_ = end + 1;
  return name;
}

std::optional<LogValue> LogValueParser::word() {
  LogValue value;
  const size_t begin = at_;
  while (!at_end() && !ends_word(text_[at_])) ++at_;
  value.word = text_.substr(begin, at_ - begin);
  if (value.word.empty()) return std::nullopt;
  if (!take("(")) return value;
  value.kind = LogValue::Kind::Call;
  if (!items_until(')', value)) return std::nullopt;
  return value;
}

std::optional<LogValue> LogValueParser::string() {
  LogValue value;
  value.kind = LogValue::Kind::String;
  value.abstract = take("@");
  take("\"");
  while (!at_end() && text_[at_] != '"') {
    if (text_[at_] == '\\')
      escape(value.bytes);
    else
      value.bytes += text_[at_++];
  }
  if (!take("\"")) return std::nullopt;
  value.cut = take("...");
  return value;
}

// \n, \17, \x2f: appends the byte that it stands for.
void LogValueParser::escape(std::string& bytes) {
  ++at_;
  if (at_end()) return;
  const auto digit = [this](size_t ahead) {
    return at_ + ahead < text_.size() ? hex_digit(text_[at_ + ahead]) : -1;
  };
  if (text_[at_] == 'x' && digit(1) >= 0 && digit(2) >= 0) {
    bytes += static_cast<char>(digit(1) * 16 + digit(2));
    at_ += 3;
    return;
  }
  if (!is_octal(text_[at_])) {
    bytes += unescaped(text_[at_++]);
    return;
  }
  int byte = 0;
  for (int i = 0; i < 3 && !at_end() && is_octal(text_[at_]); ++i)
    byte = byte * 8 + (text_[at_++] - '0');
  bytes += static_cast<char>(byte);
}

// <TCP:[127.0.0.1:80->127.0.0.1:40000]>, </dev/tty<char 5:0>>, <UNIX:[12, "/a>b"]>: the '>' that
// ends it is that outside of brackets, quotes and inner notes.
bool LogValueParser::note(LogValue& value) {
  const size_t begin = ++at_;
  size_t brackets = 0;
  size_t angles = 1;
  bool quoted = false;
  for (; !at_end(); ++at_) {
    const char c = text_[at_];
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\') ++at_;
    if (quoted) continue;
    if (c == '[') ++brackets;
    if (c == ']' && brackets > 0) --brackets;
    if (brackets > 0) continue;
    if (c == '<') ++angles;
    if (c == '>' && --angles == 0) break;
  }
  if (at_end()) return false;
  value.note = text_.substr(begin, at_ - begin);
  ++at_;
  take("(deleted)");  // strace 6.1 has it behind the note
  return true;
}

bool LogValueParser::comment(LogValue& value) {
  at_ += 2;
  const size_t end = text_.find("*/", at_);
  if (end == std::string_view::npos) return false;
  const std::string_view inside = text_.substr(at_, end - at_);
  const size_t first = std::min(inside.find_first_not_of(' '), inside.size());
  value.comment = inside.substr(first, inside.find_last_not_of(' ') + 1 - first);
  at_ = end + 2;
  return true;
}

}  // namespace wireseam
