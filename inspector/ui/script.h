// SPDX-License-Identifier: Apache-2.0
// The inspector without a terminal: commands of a file press keys, wait for what is to be seen, and
// show screens as text. For tests and documentation; wireseam-inspect(1) has the commands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/ui/app_feed.h"
#include "inspector/ui/geometry.h"
#include "inspector/ui/key.h"

namespace wireseam {

enum class ScriptVerb : uint8_t {
  Size,   // of the screen
  Press,  // keys, without a pause between them
  Type,   // the characters of a text
  Limit,  // how long to wait
  Wait,   // until the screen shows a text
  Show,   // the screen
};

struct ScriptStep {
  ScriptVerb verb;
  size_t line = 0;     // of the file
  std::string text{};  // that is waited for
  std::vector<Key> keys{};
  Size size{};
  uint64_t limit_ms = 0;
};

struct Script {
  std::string name;  // for messages
  std::vector<ScriptStep> steps;
};

// Throws Error for a line that is none of the commands.
Script parse_script(std::string_view text, std::string name);

// Plays on what `feed` shows; what is no live capture is read to its end first. `show` gets the
// screens. Throws Error where the screen does not show in time what is waited for.
void play_script(const AppFeed& feed, const Script& script,
                 const std::function<void(std::string_view screen)>& show);

}  // namespace wireseam
