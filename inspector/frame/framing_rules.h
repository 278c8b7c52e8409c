// SPDX-License-Identifier: Apache-2.0
// Which framing the user wants for which connections.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "common/framing/framing.h"

namespace wireseam {

struct FramingRule {
  Framing framing;
  std::array<bool, 2> framed{true, true};  // the client's bytes, the server's; or else in no frames
};

class FramingRules {
 public:
  // Adds "F" (for all connections) or "PORT=F" (for those with this port), where F is what
  // parse_framing reads, or "auto". A framing may be followed by ":to-server" or ":to-client": it
  // is for that direction alone. Throws Error for a text that is none of these or says a second
  // thing about the same connections.
  void add(std::string_view text);

  // Whether nothing was said.
  bool empty() const { return by_port_.empty(); }

  // Null: it is to be detected, as it is where nothing was said. The server's port counts before
  // the client's. Live and in its place as long as the rules are.
  const FramingRule* find(uint16_t client_port, uint16_t server_port) const;

 private:
  std::map<uint16_t, std::optional<FramingRule>> by_port_;  // port 0: all others; none: auto
};

}  // namespace wireseam
