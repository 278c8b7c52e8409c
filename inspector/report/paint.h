// SPDX-License-Identifier: Apache-2.0
// Colours of a text, where it is to have any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wireseam {

enum class Ink : uint8_t { Connection, Frame, Note, Trouble };

class Paint {
 public:
  enum class Colors : uint8_t { None, Ansi };

  explicit Paint(Colors colors) : colors_(colors) {}

  void append(std::string& out, Ink ink, std::string_view text) const {
    if (colors_ == Colors::None) {
      out += text;
      return;
    }
    out += sequence(ink);
    out += text;
    out += "\033[0m";
  }

 private:
  static std::string_view sequence(Ink ink) {
    switch (ink) {
      case Ink::Connection:
        return "\033[1m";
      case Ink::Frame:
        return "\033[36m";
      case Ink::Note:
        return "\033[33m";
      case Ink::Trouble:
        return "\033[31m";
    }
    return "";
  }

  Colors colors_;
};

}  // namespace wireseam
