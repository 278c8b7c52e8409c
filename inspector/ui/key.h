// SPDX-License-Identifier: Apache-2.0
// What the user pressed: a character, a named key, or the mouse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wireseam {

// Values behind Unicode's last one, for keys that are no characters.
enum NamedKey : char32_t {
  kKeyUp = 0x110000,
  kKeyDown,
  kKeyLeft,
  kKeyRight,
  kKeyPageUp,
  kKeyPageDown,
  kKeyHome,
  kKeyEnd,
  kKeyBackspace,
  kKeyDelete,
  kKeyShiftTab,
  kKeyF1,
  kKeyF4 = kKeyF1 + 3,
  kKeyF6 = kKeyF1 + 5,
  kKeyF12 = kKeyF1 + 11,
  kKeyClick,
  kKeyDoubleClick,
  kKeyWheelUp,
  kKeyWheelDown,
};

inline constexpr char32_t kKeyTab = '\t';
inline constexpr char32_t kKeyEnter = '\r';
inline constexpr char32_t kKeyEscape = 27;

struct Key {
  char32_t code = 0;
  int row = 0;  // of the mouse
  int column = 0;

  bool is_character() const { return code >= ' ' && code != 127 && code < kKeyUp; }
  bool operator==(const Key&) const = default;
};

constexpr char32_t control(char letter) { return static_cast<char32_t>(letter) & 0x1f; }

// "j", "Ctrl-d", "PgDn", "F1": one key; no value for a text that is none.
std::optional<Key> parse_key(std::string_view text);

}  // namespace wireseam
