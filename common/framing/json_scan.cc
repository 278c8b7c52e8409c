// SPDX-License-Identifier: Apache-2.0
// Scans JSON with one bit of state for each open bracket. Flaws are data; nothing throws.
#include "common/framing/json_scan.h"

namespace wireseam {
namespace {

JsonType type_of(std::string_view value) {
  switch (value.front()) {
    case '{':
      return JsonType::Object;
    case '[':
      return JsonType::Array;
    case '"':
      return JsonType::String;
    case 't':
    case 'f':
    case 'n':
      return JsonType::Literal;
    default:
      return JsonType::Number;
  }
}

std::string_view without_quotes(std::string_view string) {
  return string.substr(1, string.size() - 2);
}

}  // namespace

std::optional<JsonMember> JsonScan::next() {
  cursor_.skip_space();
  if (first_) {
    if (!cursor_.skip('{')) return fail(skip_value() ? JsonFlaw::NotObject : JsonFlaw::NotJson);
    cursor_.skip_space();
  }
  if (cursor_.skip('}')) return finish();
  if (!first_ && !cursor_.skip(',')) return fail(JsonFlaw::NotJson);
  first_ = false;
  return member();
}

std::optional<JsonMember> JsonScan::member() {
  cursor_.skip_space();
  JsonMember member;
  size_t begin = cursor_.offset();
  if (!cursor_.skip_string()) return fail(JsonFlaw::NotJson);
  member.key = without_quotes(cursor_.text_from(begin));
  cursor_.skip_space();
  if (!cursor_.skip(':')) return fail(JsonFlaw::NotJson);
  cursor_.skip_space();
  begin = cursor_.offset();
  if (!skip_value()) return fail(JsonFlaw::NotJson);
  member.value = cursor_.text_from(begin);
  member.type = type_of(member.value);
  if (member.type == JsonType::String) member.value = without_quotes(member.value);
  return member;
}

std::optional<JsonMember> JsonScan::fail(JsonFlaw flaw) {
  if (flaw_ == JsonFlaw::None) flaw_ = flaw;
  return std::nullopt;
}

std::optional<JsonMember> JsonScan::finish() {
  cursor_.skip_space();
  if (!cursor_.at_end()) flaw_ = JsonFlaw::NotJson;
  return std::nullopt;
}

bool JsonScan::skip_value() {
  for (;;) {
    cursor_.skip_space();
    if (cursor_.peek() == '{' || cursor_.peek() == '[') {
      if (!open()) return false;
      if (!close()) {
        if (!skip_key()) return false;
        continue;
      }
    } else if (!skip_scalar()) {
      return false;
    }
    // A value has ended, and with it the brackets whose last one it was.
    while (depth_ > 0 && close()) continue;
    if (depth_ == 0) return true;
    if (!cursor_.skip(',') || !skip_key()) return false;
  }
}

bool JsonScan::skip_scalar() {
  switch (cursor_.peek()) {
    case '"':
      return cursor_.skip_string();
    case 't':
      return cursor_.skip_word("true");
    case 'f':
      return cursor_.skip_word("false");
    case 'n':
      return cursor_.skip_word("null");
    default:
      return cursor_.skip_number();
  }
}

// The key and colon before a value, where the innermost bracket is an object's.
bool JsonScan::skip_key() {
  if (!is_object_[depth_ - 1]) return true;
  cursor_.skip_space();
  if (!cursor_.skip_string()) return false;
  cursor_.skip_space();
  return cursor_.skip(':');
}

bool JsonScan::open() {
  if (depth_ == kMaxDepth) {
    flaw_ = JsonFlaw::TooDeep;
    return false;
  }
  is_object_[depth_] = cursor_.skip('{');
  if (!is_object_[depth_]) cursor_.skip('[');
  ++depth_;
  return true;
}

bool JsonScan::close() {
  cursor_.skip_space();
  if (!cursor_.skip(is_object_[depth_ - 1] ? '}' : ']')) return false;
  --depth_;
  return true;
}

}  // namespace wireseam
