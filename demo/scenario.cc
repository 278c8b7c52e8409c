// SPDX-License-Identifier: Apache-2.0
#include "demo/scenario.h"

namespace wireseam {
namespace {

constexpr Scenario kScenarios[] = {
    {"framed", "Answers that say how long they are survive being read in pieces", "json-header",
     Above::Nothing, explain_framed},
    {"sticky", "Many small sends come out of one recv", "", Above::Nothing, explain_sticky},
    {"handshake", "What connect and accept wait for, and what close sends", "", Above::Packets,
     explain_handshake},
    {"nagle", "Write, write, read: the second write waits for a delayed ACK", "", Above::Nothing,
     explain_nagle},
    {"nodelay", "The same with TCP_NODELAY: it doesn't wait", "", Above::Nothing, explain_nodelay},
    {"refused", "Connection refused: nobody listens at that port", "", Above::Packets,
     explain_refused},
};

}  // namespace

std::span<const Scenario> all_scenarios() { return kScenarios; }

const Scenario* find_scenario(std::string_view name) {
  for (const Scenario& scenario : kScenarios)
    if (scenario.name == name) return &scenario;
  return nullptr;
}

}  // namespace wireseam
