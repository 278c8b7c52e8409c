// SPDX-License-Identifier: Apache-2.0
// One pass over the members of a JSON object that neither allocates, copies nor recurses: a header
// is read for every frame, and a general parser takes many times as long.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>

#include "common/framing/json_cursor.h"

namespace wireseam {

enum class JsonType : uint8_t { Literal, Number, String, Array, Object };

// The key and the value as they stand in the text; strings without their quotes, escapes untouched.
struct JsonMember {
  std::string_view key;
  JsonType type = JsonType::Literal;
  std::string_view value;
};

enum class JsonFlaw : uint8_t { None, NotJson, NotObject, TooDeep };

class JsonScan {
 public:
  static constexpr size_t kMaxDepth = 512;

  // `text` is to be one object with nothing but white space around it, and must remain live.
  explicit JsonScan(std::string_view text) : cursor_(text) {}

  // The next member of the outermost object; none at its end and at a flaw, after which it is not
  // to be called again.
  std::optional<JsonMember> next();

  // What ended the scan, and where.
  JsonFlaw flaw() const { return flaw_; }
  size_t offset() const { return cursor_.offset(); }

 private:
  std::optional<JsonMember> fail(JsonFlaw flaw);
  std::optional<JsonMember> finish();
  std::optional<JsonMember> member();
  bool skip_value();
  bool skip_scalar();
  bool skip_key();
  bool open();
  bool close();

  JsonCursor cursor_;
  std::bitset<kMaxDepth> is_object_;  // by depth within a member's value
  size_t depth_ = 0;
  bool first_ = true;
  JsonFlaw flaw_ = JsonFlaw::None;
};

}  // namespace wireseam
