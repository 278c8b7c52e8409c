// SPDX-License-Identifier: Apache-2.0
// What keys stand for. Each action is a row of actions.def.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "inspector/ui/key.h"

namespace wireseam {

enum class Action : uint8_t {
#define ACTION(name, keys, help) name,
#include "inspector/ui/actions.def"
};

// A row of the table; without keys it is the title of a group.
struct ActionRow {
  std::optional<Action> action;
  std::string_view keys;  // parted by spaces
  std::string_view help;
};

std::span<const ActionRow> action_rows();

std::optional<Action> action_of(Key key);

}  // namespace wireseam
