// SPDX-License-Identifier: Apache-2.0
// strace's notation of a value as a tree: what stands between the parentheses of a call. Knows
// nothing of calls. The text may be anything: what is no value makes no tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wireseam {

// Its views point into the text that was parsed.
struct LogValue {
  enum class Kind : uint8_t {
    Word,    // 3, -1, 0x7ffe1000, NULL, POLLIN|POLLOUT, 02:00:00:00:00:01
    String,  // "text", @"text"
    Struct,  // {fd=3, events=POLLIN}
    Array,   // [1, 2], [INT TERM]
    Call,    // htons(80)
  };

  Kind kind = Kind::Word;
  std::string_view name;     // of the field that it is the value of; empty where there is none
  std::string_view word;     // of a Word; of a Call what is called
  std::string bytes;         // of a String, without its escapes
  bool cut = false;          // "..." follows the string, or stands among the items
  bool abstract = false;     // @"text": an address in the abstract namespace
  bool inverted = false;     // ~[INT]: all but these
  std::string_view note;     // what -y puts behind a descriptor: 3<TCP:[...]>
  std::string_view comment;  // 0x63 /* AF_??? */; or of what was cut: [1, ... /* 0x7ffe1000 */]
  std::vector<LogValue> items;
  std::vector<LogValue> after;  // [8 => 16]: what it became; one at most

  bool is_null() const { return kind == Kind::Word && word == "NULL"; }

  // The field with that name; nullptr where there is none.
  const LogValue* field(std::string_view name) const;
};

// Parses from the front of a text, as far as it is asked to.
class LogValueParser {
 public:
  explicit LogValueParser(std::string_view text) : text_(text) {}

  // The items up to the closing ')', which is consumed, or up to "<unfinished ...>", which is not;
  // no value where the text is none of ours.
  std::optional<std::vector<LogValue>> arguments();

  // One value.
  std::optional<LogValue> value();

  // What has not been parsed.
  std::string_view rest() const { return text_.substr(at_); }

  // Whether the rest begins with `wanted`; passes over it.
  bool take(std::string_view wanted);
  void skip_spaces();

 private:
  bool at_end() const { return at_ >= text_.size(); }
  bool at(std::string_view wanted) const { return rest().starts_with(wanted); }
  std::optional<LogValue> item();
  std::optional<LogValue> bare_value();
  std::optional<LogValue> string();
  std::optional<LogValue> word();
  bool items_until(char end, LogValue& parent);
  bool suffixes(LogValue& value);
  bool note(LogValue& value);
  bool comment(LogValue& value);
  void escape(std::string& bytes);
  std::string_view field_name();

  std::string_view text_;
  size_t at_ = 0;
  size_t depth_ = 0;
};

}  // namespace wireseam
