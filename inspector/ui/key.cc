// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/key.h"

#include <algorithm>
#include <iterator>

#include "common/utf8.h"

namespace wireseam {
namespace {

struct KeyName {
  std::string_view name;
  char32_t code;
};

constexpr KeyName kNames[] = {
    {"Up", kKeyUp},         {"Down", kKeyDown},       {"Left", kKeyLeft},
    {"Right", kKeyRight},   {"PgUp", kKeyPageUp},     {"PgDn", kKeyPageDown},
    {"Home", kKeyHome},     {"End", kKeyEnd},         {"Backspace", kKeyBackspace},
    {"Delete", kKeyDelete}, {"Tab", kKeyTab},         {"Shift-Tab", kKeyShiftTab},
    {"Enter", kKeyEnter},   {"Esc", kKeyEscape},      {"Space", ' '},
    {"F1", kKeyF1},         {"F4", kKeyF4},           {"F6", kKeyF6},
    {"Click", kKeyClick},   {"WheelUp", kKeyWheelUp}, {"WheelDown", kKeyWheelDown},
};

}  // namespace

std::optional<Key> parse_key(std::string_view text) {
  const auto* name = std::ranges::find(kNames, text, &KeyName::name);
  if (name != std::end(kNames)) return Key{name->code};
  if (text.size() == 6 && text.starts_with("Ctrl-")) return Key{control(text[5])};
  const auto point = decode_utf8(text);
  if (!point || point->size != text.size()) return std::nullopt;
  return Key{point->value};
}

}  // namespace wireseam
