// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/connection_columns.h"

#include <algorithm>

#include "inspector/ui/canvas.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

using Record = ConnectionRecord;

constexpr int kNarrowEnd = 15;  // what an address with its port gets at least

template <typename Value>
uint64_t both(const Record& record, Value HalfRecord::*value) {
  return uint64_t{record.halves[0].*value} + record.halves[1].*value;
}

template <uint64_t (*count)(const Record&, uint64_t)>
std::string amount(const Record& record, uint64_t now_ns) {
  return amount_text(count(record, now_ns));
}

uint64_t process(const Record& record, uint64_t /*now_ns*/) {
  if (record.calls == nullptr) return 0;
  const uint32_t client = record.calls->party(Role::Client).pid;
  return client != 0 ? client : record.calls->party(Role::Server).pid;
}

uint64_t id(const Record& record, uint64_t /*now_ns*/) { return record.id; }
uint64_t transport(const Record& record, uint64_t /*now_ns*/) { return record.is_tcp() ? 0 : 1; }
uint64_t client_port(const Record& record, uint64_t /*now_ns*/) { return record.client_end().port; }
uint64_t server_port(const Record& record, uint64_t /*now_ns*/) { return record.server_end().port; }
uint64_t state(const Record& record, uint64_t /*now_ns*/) {
  return static_cast<uint64_t>(record.teardown.state);
}
uint64_t age_ns(const Record& record, uint64_t now_ns) {
  const uint64_t end_ns = record.ended || record.teardown.over() ? record.last_ns : now_ns;
  return end_ns - std::min(end_ns, record.first_ns);
}
uint64_t bytes_up(const Record& record, uint64_t /*now_ns*/) { return record.halves[0].bytes; }
uint64_t bytes_down(const Record& record, uint64_t /*now_ns*/) { return record.halves[1].bytes; }
uint64_t rate_up(const Record& record, uint64_t now_ns) {
  return record.rate.rate(now_ns, Direction::ToServer);
}
uint64_t rate_down(const Record& record, uint64_t now_ns) {
  return record.rate.rate(now_ns, Direction::ToClient);
}
uint64_t segments(const Record& record, uint64_t /*now_ns*/) {
  return both(record, &HalfRecord::segments);
}
uint64_t frames(const Record& record, uint64_t /*now_ns*/) {
  return both(record, &HalfRecord::frames);
}
uint64_t resent(const Record& record, uint64_t /*now_ns*/) {
  return both(record, &HalfRecord::resent_segments);
}
uint64_t rtt_ns(const Record& record, uint64_t /*now_ns*/) { return record.rtt_ns; }

std::string rtt_text(const Record& record, uint64_t /*now_ns*/) {
  return record.rtt_ns == 0 ? "" : span_text(record.rtt_ns);
}

// A digit a second: the tenths of the largest.
std::string sparkline(const Record& record, uint64_t now_ns) {
  static constexpr std::string_view kLevels[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr size_t kShown = 8;
  const auto totals = record.rate.totals(now_ns);
  const uint64_t most = *std::ranges::max_element(totals);
  std::string text;
  for (size_t i = totals.size() - kShown; i < totals.size(); ++i) {
    const uint64_t level = most == 0 ? 0 : (totals[i] * 8 + most - 1) / most;
    text += kLevels[level];
  }
  return text;
}

uint64_t recent(const Record& record, uint64_t now_ns) {
  uint64_t sum = 0;
  for (const uint64_t bytes : record.rate.totals(now_ns)) sum += bytes;
  return sum;
}

constexpr ConnectionColumn kColumns[] = {
    {"#", 0, 0, true, false, [](const Record& r, uint64_t) { return std::to_string(r.id); }, id},
    {"prot", 4, 9, false, false,
     [](const Record& r, uint64_t) { return std::string(protocol_text(r)); }, transport},
    {"client", 0, 0, false, false, [](const Record& r, uint64_t) { return client_text(r); },
     client_port},
    {"server", 0, 0, false, false, [](const Record& r, uint64_t) { return server_text(r); },
     server_port},
    {"process", 0, 6, false, false, [](const Record& r, uint64_t) { return process_text(r); },
     process},
    {"state", 0, 2, false, false, [](const Record& r, uint64_t) { return std::string(r.state); },
     state},
    {"age", 6, 10, true, false,
     [](const Record& r, uint64_t now_ns) { return span_text(age_ns(r, now_ns)); }, age_ns},
    {"bytes>", 6, 3, true, false, amount<bytes_up>, bytes_up},
    {"bytes<", 6, 3, true, false, amount<bytes_down>, bytes_down},
    {"rate>", 5, 8, true, false, amount<rate_up>, rate_up},
    {"rate<", 5, 8, true, false, amount<rate_down>, rate_down},
    {"segm", 5, 7, true, false, amount<segments>, segments},
    {"fram", 5, 4, true, false, amount<frames>, frames},
    {"rtx", 4, 5, true, true, amount<resent>, resent},
    {"rtt", 7, 6, true, false, rtt_text, rtt_ns},
    {"last 8 s", 8, 11, false, false, sparkline, recent},
};

int columns_of(const std::string& text) { return width_of(text, Charset::Unicode); }

int total(const std::vector<PlacedColumn>& placed) {
  int sum = 0;
  for (const PlacedColumn& column : placed) sum += column.width + 1;
  return sum - 1;
}

// Takes columns away, the least important first, then shortens the addresses.
void fit(std::vector<PlacedColumn>& placed, int width) {
  while (total(placed) > width) {
    const auto least = std::ranges::max_element(
        placed, {}, [](const PlacedColumn& column) { return kColumns[column.index].priority; });
    if (kColumns[least->index].priority == 0) break;
    placed.erase(least);
  }
  for (PlacedColumn& column : placed)
    if (const int over = total(placed) - width; over > 0 && column.width > kNarrowEnd)
      column.width = std::max(kNarrowEnd, column.width - over);
}

int widest_text(const ConnectionColumn& column, std::span<const ConnectionRecord* const> shown,
                uint64_t now_ns) {
  int widest = 0;
  for (const ConnectionRecord* record : shown)
    widest = std::max(widest, columns_of(column.text(*record, now_ns)));
  return widest;
}

}  // namespace

std::span<const ConnectionColumn> connection_columns() { return kColumns; }

std::vector<PlacedColumn> place_columns(std::span<const ConnectionRecord* const> shown,
                                        uint64_t now_ns, int width) {
  std::vector<PlacedColumn> placed;
  for (size_t i = 0; i < std::size(kColumns); ++i) {
    const ConnectionColumn& column = kColumns[i];
    int wide = std::max(column.width, static_cast<int>(column.title.size()) + 1);
    if (column.width == 0) {
      const int widest = widest_text(column, shown, now_ns);
      // What is known of none of them takes no room.
      if (widest == 0 && column.priority > 0) continue;
      wide = std::max(wide, widest);
    }
    placed.push_back({i, wide});
  }
  fit(placed, width);
  return placed;
}

}  // namespace wireseam
