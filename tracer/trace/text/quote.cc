// SPDX-License-Identifier: Apache-2.0
// Strings as strace quotes them. A byte that is not printable becomes the shortest octal escape
// that can't be misread: three digits only where a digit follows.
#include <algorithm>

#include "tracer/trace/text/writer.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

bool printable(unsigned char c) { return c >= ' ' && c < 0x7f; }
bool white_space(unsigned char c) { return c >= '\t' && c <= '\r'; }
bool octal_digit(unsigned char c) { return c >= '0' && c <= '7'; }

unsigned char at(Bytes bytes, size_t i) { return std::to_integer<unsigned char>(bytes[i]); }

bool ascii(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) {
    const auto c = std::to_integer<unsigned char>(byte);
    return printable(c) || white_space(c);
  });
}

// The letter of a two-character escape; 0 where there is none.
char escape_letter(unsigned char c) {
  switch (c) {
    case '"':
    case '\\':
      return static_cast<char>(c);
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\v':
      return 'v';
    default:
      return 0;
  }
}

void append_octal(std::string& out, unsigned char c, bool digit_follows) {
  if (digit_follows || c > 077) out += static_cast<char>('0' + (c >> 6));
  if (digit_follows || c > 07) out += static_cast<char>('0' + (c >> 3 & 7));
  out += static_cast<char>('0' + (c & 7));
}

void append_hex(std::string& out, Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (size_t i = 0; i < bytes.size(); ++i) {
    out += "\\x";
    out += kDigits[at(bytes, i) >> 4];
    out += kDigits[at(bytes, i) & 15];
  }
}

void append_escaped(std::string& out, Bytes bytes) {
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  size_t done = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const unsigned char c = at(bytes, i);
    const char letter = escape_letter(c);
    if (printable(c) && letter == 0) continue;
    out.append(text + done, i - done);
    done = i + 1;
    out += '\\';
    if (letter != 0)
      out += letter;
    else
      append_octal(out, c, i + 1 < bytes.size() && octal_digit(at(bytes, i + 1)));
  }
  out.append(text + done, bytes.size() - done);
}

}  // namespace

void TextWriter::escape(Bytes bytes) {
  const HexStrings hex = options_.hex_strings;
  if (hex == HexStrings::All || (hex == HexStrings::NonAscii && !ascii(bytes)))
    append_hex(out_, bytes);
  else
    append_escaped(out_, bytes);
}

void TextWriter::quoted(Bytes bytes) {
  out_ += '"';
  escape(bytes);
  out_ += '"';
}

void TextWriter::quoted_until_nul(Bytes bytes) {
  const auto nul = std::ranges::find(bytes, std::byte{0});
  quoted(bytes.first(static_cast<size_t>(nul - bytes.begin())));
}

void TextWriter::quoted_hex(Bytes bytes) {
  out_ += '"';
  append_hex(out_, bytes);
  out_ += '"';
}

void TextWriter::string(Bytes bytes, uint64_t total) {
  const size_t shown = std::min(bytes.size(), options_.string_limit);
  begin(TextColor::String);
  quoted(bytes.first(shown));
  end_color();
  if (total > shown) out_ += "...";
}

}  // namespace wireseam
