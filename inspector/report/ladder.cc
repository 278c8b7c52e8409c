// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "common/count_text.h"
#include "inspector/flow/elapsed.h"
#include "inspector/join/names.h"
#include "inspector/report/units.h"

namespace wireseam {
namespace {

constexpr size_t kArrowWidth = 44;

// "SYN seq 0 (4194982760)": the number counted from the sender's first one, and as it was sent.
std::string numbers(const HandshakeStep& step, const Half& sender, const Half& receiver) {
  std::string text = sender.syn_seen ? fmt::format("seq {}", relative_number(step.seq, sender))
                                     : fmt::format("seq {}", step.seq);
  if (sender.syn_seen && relative_number(step.seq, sender) == 0)
    text += fmt::format(" ({})", step.seq);
  if (step.acknowledges && receiver.syn_seen)
    text += fmt::format(" ack {}", relative_number(step.ack, receiver));
  return text;
}

void add_step(std::vector<LadderRow>& rows, std::string_view flags, const HandshakeStep& step,
              const Connection& connection, Direction direction) {
  if (step.packet == 0) return;
  const std::string text =
      numbers(step, connection.half(direction), connection.half(opposite(direction)));
  rows.push_back({step.packet, step.time_ns, direction, fmt::format("{} {}", flags, text)});
}

// Several things may be told of one packet.
void add_event(std::vector<LadderRow>& rows, const LadderRow& event) {
  if (event.packet == 0) return;
  const auto row = std::ranges::find(rows, event.packet, &LadderRow::packet);
  if (row == rows.end())
    rows.push_back(event);
  else
    row->label += ", " + event.label;
}

std::string arrow(const LadderRow& row) {
  const bool to_server = row.direction == Direction::ToServer;
  std::string text = (to_server ? "--- " : "<-- ") + row.label + " ";
  text.resize(std::max(kArrowWidth, text.size() + 2), '-');
  if (to_server) text.back() = '>';
  return text;
}

}  // namespace

std::vector<LadderRow> handshake_rows(const Connection& connection) {
  const Handshake& shake = connection.handshake;
  std::vector<LadderRow> rows;
  add_step(rows, "SYN", shake.syn, connection, Direction::ToServer);
  const bool crossed = shake.state == HandshakeState::Simultaneous;
  add_step(rows, crossed ? "SYN" : "SYN, ACK", shake.syn_ack, connection, Direction::ToClient);
  const bool refused = shake.state == HandshakeState::Refused;
  const std::string_view last = crossed ? "SYN, ACK" : refused ? "RST" : "ACK";
  add_step(rows, last, shake.ack, connection, refused ? Direction::ToClient : Direction::ToServer);
  std::ranges::sort(rows, {}, &LadderRow::packet);
  return rows;
}

std::vector<LadderRow> teardown_rows(const Connection& connection) {
  const Teardown& teardown = *connection.teardown;
  std::vector<LadderRow> rows;
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    const FinStep& fin = teardown.fin(direction);
    add_event(rows,
              {fin.packet, fin.time_ns, direction, "FIN after " + count_text(fin.offset, "byte")});
    add_event(rows, {fin.ack_packet, fin.ack_ns, opposite(direction), "ACK of the FIN"});
  }
  const RstStep& rst = teardown.rst;
  const std::string lost =
      rst.discarded == 0 ? "" : ", " + count_text(rst.discarded, "byte") + " thrown away";
  // That of a refusal is part of the handshake.
  if (connection.handshake.state != HandshakeState::Refused)
    add_event(rows, {rst.packet, rst.time_ns, rst.direction, "RST" + lost});
  std::ranges::sort(rows, {}, &LadderRow::packet);
  return rows;
}

void append_ladder(std::string& out, const std::vector<LadderRow>& rows) {
  const auto line = std::back_inserter(out);
  fmt::format_to(line, "{:>12}{:>13}    client{:>{}}\n", "packet", "after", "server",
                 kArrowWidth - 4);
  std::optional<uint64_t> before_ns;
  for (const LadderRow& row : rows) {
    const std::string after =
        before_ns ? signed_duration_text(between_ns(*before_ns, row.time_ns)) : "";
    fmt::format_to(line, "{:>12}{:>13}    |{}|\n", row.packet, after, arrow(row));
    before_ns = row.time_ns;
  }
}

}  // namespace wireseam
