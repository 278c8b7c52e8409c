// SPDX-License-Identifier: Apache-2.0
#include "common/json_writer.h"

#include <array>
#include <charconv>

#include "common/utf8.h"

namespace wireseam {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

constexpr std::array<bool, 256> plain_bytes() {
  std::array<bool, 256> plain{};
  for (size_t byte = 0x20; byte < 0x7f; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}

constexpr auto kPlain = plain_bytes();

size_t plain_run(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && kPlain[static_cast<unsigned char>(text[size])]) ++size;
  return size;
}

size_t ascii_run(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && text[size] >= 0x20 && text[size] < 0x7f) ++size;
  return size;
}

// The letter after the backslash; 0 for characters that have no short escape.
char short_escape(char32_t value) {
  switch (value) {
    case '"':
    case '\\':
      return static_cast<char>(value);
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

}  // namespace

// A value follows another one directly only within an array or object: what stands before tells.
void JsonWriter::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':' && last != '\n') out_ += ',';
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
}

void JsonWriter::raw(std::string_view token) {
  separate();
  out_ += token;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  return *this;
}

void JsonWriter::signed_number(int64_t value) {
  char digits[24];
  raw({digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
}

void JsonWriter::unsigned_number(uint64_t value) {
  char digits[24];
  raw({digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
}

void JsonWriter::hex(uint64_t value) {
  char digits[24] = "\"0x";
  char* end = std::to_chars(digits + 3, digits + sizeof digits, value, 16).ptr;
  *end++ = '"';
  raw({digits, end});
}

void JsonWriter::string(std::string_view text) {
  raw("\"");
  while (!text.empty()) {
    const size_t run = plain_run(text);
    out_ += text.substr(0, run);
    text.remove_prefix(run);
    if (!text.empty()) text.remove_prefix(escaped(text));
  }
  out_ += '"';
}

void JsonWriter::json(std::string_view valid) {
  separate();
  while (!valid.empty()) {
    const size_t run = ascii_run(valid);
    out_ += valid.substr(0, run);
    valid.remove_prefix(run);
    if (valid.empty()) return;
    // In valid JSON a control character of ASCII is white space between tokens.
    const bool is_space = static_cast<unsigned char>(valid.front()) < 0x20;
    valid.remove_prefix(is_space ? 1 : escaped(valid));
  }
}

// Appends the character at the front, which is not a plain one, and says how many bytes it took.
size_t JsonWriter::escaped(std::string_view text) {
  const auto point = decode_utf8(text);
  if (!point) {
    out_ += "\\ufffd";
    return 1;
  }
  const char32_t value = point->value;
  if (const char letter = short_escape(value)) {
    out_ += {'\\', letter};
  } else if (is_control(value)) {
    out_ += {'\\',
             'u',
             kHexDigits[value >> 12 & 15],
             kHexDigits[value >> 8 & 15],
             kHexDigits[value >> 4 & 15],
             kHexDigits[value & 15]};
  } else {
    out_ += text.substr(0, point->size);
  }
  return point->size;
}

void JsonWriter::base64(std::span<const std::byte> bytes) {
  static constexpr char kLetters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  raw("\"");
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const auto octet = [&](size_t i) {
      return at + i < bytes.size() ? std::to_integer<uint32_t>(bytes[at + i]) : 0;
    };
    const uint32_t three = octet(0) << 16 | octet(1) << 8 | octet(2);
    const bool second = at + 1 < bytes.size();
    const bool third = at + 2 < bytes.size();
    out_ += {kLetters[three >> 18], kLetters[three >> 12 & 63],
             second ? kLetters[three >> 6 & 63] : '=', third ? kLetters[three & 63] : '='};
  }
  out_ += '"';
}

}  // namespace wireseam
