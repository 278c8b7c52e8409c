// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/action.h"

#include <algorithm>
#include <map>

namespace wireseam {
namespace {

constexpr ActionRow kRows[] = {
#define GROUP(title) {std::nullopt, "", title},
#define ACTION(name, keys, help) {Action::name, keys, help},
#include "inspector/ui/actions.def"
};

std::map<char32_t, Action> read_keys() {
  std::map<char32_t, Action> actions;
  for (const ActionRow& row : kRows) {
    std::string_view keys = row.keys;
    while (!keys.empty()) {
      const size_t space = std::min(keys.find(' '), keys.size());
      if (const auto key = parse_key(keys.substr(0, space)))
        actions.emplace(key->code, *row.action);
      keys.remove_prefix(std::min(space + 1, keys.size()));
    }
  }
  return actions;
}

}  // namespace

std::span<const ActionRow> action_rows() { return kRows; }

std::optional<Action> action_of(Key key) {
  static const std::map<char32_t, Action> actions = read_keys();
  const auto found = actions.find(key.code);
  if (found == actions.end()) return std::nullopt;
  return found->second;
}

}  // namespace wireseam
