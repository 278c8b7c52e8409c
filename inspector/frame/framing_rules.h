// SPDX-License-Identifier: Apache-2.0
// Which framing the user wants for which connections.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "common/framing/framing.h"

namespace wireseam {

class FramingRules {
 public:
  // Adds "F" (for all connections) or "PORT=F" (for those with this port), where F is what
  // parse_framing reads, or "auto". Throws Error for a text that is neither or says a second thing
  // about the same connections.
  void add(std::string_view text);

  // Whether nothing was said.
  bool empty() const { return by_port_.empty(); }

  // Null: it is to be detected, as it is where nothing was said. The server's port counts before
  // the client's. Live and in its place as long as the rules are.
  const Framing* find(uint16_t client_port, uint16_t server_port) const;

 private:
  using Rule = std::optional<Framing>;  // none: auto

  std::map<uint16_t, Rule> by_port_;  // 0: all others
};

}  // namespace wireseam
