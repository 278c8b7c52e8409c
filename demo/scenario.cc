// SPDX-License-Identifier: Apache-2.0
#include "demo/scenario.h"

namespace wireseam {
namespace {

constexpr Scenario kScenarios[] = {
    {"framed", "Answers that say how long they are survive being read in pieces", "json-header",
     Ladder::Hidden, "", explain_framed},
    {"sticky", "Many small sends come out of one recv", "", Ladder::Hidden, "", explain_sticky},
    {"cut", "A recv returns an answer's end and the next one's beginning", "", Ladder::Hidden, "",
     explain_cut},
    {"handshake", "What connect and accept wait for, and what close sends", "", Ladder::Shown, "",
     explain_handshake},
    {"nagle", "Write, write, read: the second write waits for a delayed ACK", "", Ladder::Hidden,
     "", explain_nagle},
    {"nodelay", "The same with TCP_NODELAY: it doesn't wait", "", Ladder::Hidden, "",
     explain_nodelay},
    {"refused", "Connection refused: nobody listens at that port", "", Ladder::Shown, "",
     explain_refused},
    {"reset", "Connection reset: a close with bytes unread sends an RST", "", Ladder::Shown,
     "send,recv", explain_reset},
    {"backlog", "Who connects before accept waits in the backlog, or outside", "", Ladder::Hidden,
     "listen,accept,connect", explain_backlog},
    {"timewait", "Address already in use, and what SO_REUSEADDR does about it", "", Ladder::Shown,
     "bind,listen,setsockopt", explain_timewait},
    {"udp", "Datagrams come out as they went in, or cut", "", Ladder::Hidden,
     "sendto,recvfrom,send,recv", explain_udp},
    {"partial-send", "A send takes as much as there is room for", "", Ladder::Hidden, "send",
     explain_partial_send},
    {"auth", "A proof that both ends know a key, before anything is said", "", Ladder::Hidden, "",
     explain_auth},
};

}  // namespace

std::span<const Scenario> all_scenarios() { return kScenarios; }

const Scenario* find_scenario(std::string_view name) {
  for (const Scenario& scenario : kScenarios)
    if (scenario.name == name) return &scenario;
  return nullptr;
}

}  // namespace wireseam
