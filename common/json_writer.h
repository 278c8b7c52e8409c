// SPDX-License-Identifier: Apache-2.0
// Appends JSON (RFC 8259) to a string, as it goes: no tree, no copies. The result is one line of
// valid UTF-8 without control characters, whatever the bytes that were put in.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wireseam {

class JsonWriter {
 public:
  // `out` must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { out_ += '}'; }
  void begin_array() { open('['); }
  void end_array() { out_ += ']'; }

  // Before each value in an object. A key needs no escaping: it is a literal of ours.
  JsonWriter& key(std::string_view name);

  void null() { raw("null"); }
  void boolean(std::same_as<bool> auto value) { raw(value ? "true" : "false"); }
  void number(std::integral auto value) {
    if constexpr (std::signed_integral<decltype(value)>)
      signed_number(value);
    else
      unsigned_number(value);
  }
  void hex(uint64_t value);  // the string "0x1f": addresses and bits without a name

  // What is no UTF-8 becomes U+FFFD, byte by byte.
  void string(std::string_view text);
  // A value that is valid JSON already, as it is but for what this writer never lets out: bytes
  // that are no UTF-8, control characters, and line ends between its tokens.
  void json(std::string_view valid);

  void base64(std::span<const std::byte> bytes);

 private:
  void open(char bracket);
  void separate();
  void raw(std::string_view token);
  void signed_number(int64_t value);
  void unsigned_number(uint64_t value);
  size_t escaped(std::string_view text);

  std::string& out_;
};

// Close what they opened when they go.
class JsonObject {
 public:
  explicit JsonObject(JsonWriter& json) : json_(json) { json_.begin_object(); }
  ~JsonObject() { json_.end_object(); }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

 private:
  JsonWriter& json_;
};

class JsonArray {
 public:
  explicit JsonArray(JsonWriter& json) : json_(json) { json_.begin_array(); }
  ~JsonArray() { json_.end_array(); }
  JsonArray(const JsonArray&) = delete;
  JsonArray& operator=(const JsonArray&) = delete;

 private:
  JsonWriter& json_;
};

}  // namespace wireseam
