// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/party_lines.h"

#include <fmt/format.h>

#include "inspector/ui/words.h"

namespace wireseam {
namespace {

std::string moments_text(const Party& party) {
  std::string text;
  for (const CallMoment* moment : {&party.begin, &party.shutdown, &party.end}) {
    if (!moment->seen()) continue;
    text +=
        (text.empty() ? "" : "; ") + words_of(*moment) + " in " + span_text(moment->duration_ns);
    if (moment->unread.value_or(0) > 0)
      text += fmt::format(", {} unread", counted(*moment->unread, "byte"));
  }
  return text;
}

Line party_line(Role role, const Party& party) {
  const bool is_client = role == Role::Client;
  Line line(fmt::format("{:<11}", is_client ? "client" : "server"),
            is_client ? Style::ToServer : Style::ToClient);
  if (party.traced_in != 0)
    return line.add(
        fmt::format("traced in #{}: its addresses are translated in between", party.traced_in));
  if (party.never_accepted)
    return line.add(
        fmt::format("{} ({})  listened, and was not seen to accept it", party.program, party.pid));
  if (party.state != Party::State::Traced) return line.add("not traced", Style::Muted);
  line.add(fmt::format("{} ({})  ", party.program, party.pid)).add(moments_text(party));
  if (!party.aligned()) line.add("; " + doubts_text(party), Style::Note);
  return line;
}

}  // namespace

std::vector<Line> party_lines(const CallsRecord& calls) {
  std::vector<Line> lines{party_line(Role::Client, calls.party(Role::Client)),
                          party_line(Role::Server, calls.party(Role::Server))};
  std::string findings;
  if (calls.backlog_ns) findings = "in the backlog for " + span_text(*calls.backlog_ns);
  if (calls.reset)
    findings += (findings.empty() ? "reset: " : "; reset: ") +
                words_of(*calls.reset, calls.party(calls.reset->by));
  if (!findings.empty()) lines.emplace_back(findings, Style::Note);
  return lines;
}

}  // namespace wireseam
