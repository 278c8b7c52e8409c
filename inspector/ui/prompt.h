// SPDX-License-Identifier: Apache-2.0
// A line that the user types at the bottom of the screen.
#pragma once

#include <optional>
#include <string>

#include "inspector/ui/action.h"
#include "inspector/ui/key.h"

namespace wireseam {

class Prompt {
 public:
  // For Search, Filter, Command or Write.
  void open(Action purpose, std::string text = "");
  bool is_open() const { return purpose_.has_value(); }
  Action purpose() const { return *purpose_; }

  // A key; the text when it was Enter, which closes the prompt, as Esc does.
  std::optional<std::string> key(Key key);

  // "/text"
  std::string shown() const;

 private:
  std::optional<Action> purpose_;
  std::u32string text_;
};

}  // namespace wireseam
