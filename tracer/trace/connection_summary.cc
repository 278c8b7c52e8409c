// SPDX-License-Identifier: Apache-2.0
// The table by connection.
#include "tracer/trace/connection_summary.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>

#include "common/endpoint.h"
#include "common/utf8.h"

namespace wireseam {
namespace {

constexpr size_t kMaxRows = 8192;
constexpr double kNsPerSecond = 1e9;

std::string address_text(const std::vector<std::byte>& address) {
  const auto endpoint = endpoint_from_sockaddr(address);
  return endpoint ? to_string(*endpoint) : "-";
}

std::string_view kind_name(const Socket& socket) {
  if (socket.domain == AF_UNIX) return "UNIX";
  if (socket.domain != AF_INET && socket.domain != AF_INET6) return "other";
  if (socket.type == SOCK_STREAM) return "TCP";
  return socket.type == SOCK_DGRAM ? "UDP" : "IP";
}

// Which side connected.
std::string_view arrow(SocketRole role) {
  if (role == SocketRole::Client) return "->";
  return role == SocketRole::Server ? "<-" : "--";
}

// A process chooses its name; controls and what is no UTF-8 are shown as "?".
std::string printable(std::string_view name) {
  std::string text;
  while (!name.empty()) {
    const auto point = decode_utf8(name);
    const size_t size = point ? point->size : 1;
    if (point && !is_control(point->value))
      text += name.substr(0, size);
    else
      text += '?';
    name.remove_prefix(size);
  }
  return text;
}

}  // namespace

void ConnectionSummary::begin(const Event& event, const ProcessBeginEvent& begin) {
  names_[event.pid] = begin.name;
}

void ConnectionSummary::end(const Event& event) { names_.erase(event.pid); }

void ConnectionSummary::count(const Event& event, const CallEvent& call, const CallSockets& about) {
  start_ns_ = std::min(start_ns_, event.time_ns);
  if (about.socket != nullptr) {
    Row& row = count_call(event, call, *about.socket);
    if (about.transfer)
      (about.transfer->way == Way::Sent ? row.sent : row.received) += about.transfer->bytes;
  }
  for (const auto& made : about.made)
    if (made.socket != about.socket) count_call(event, call, *made.socket);
}

ConnectionSummary::Row& ConnectionSummary::count_call(const Event& event, const CallEvent& call,
                                                      const Socket& socket) {
  const Key key{event.process, socket.id};
  if (rows_.size() >= kMaxRows && !rows_.contains(key)) fold_quiet_rows();
  Row& row = rows_[key];
  if (row.calls++ == 0) {
    row.pid = event.pid;
    row.first_ns = event.time_ns;
    const auto name = names_.find(event.pid);
    if (name != names_.end()) row.process_name = printable(name->second);
  }
  row.kind = kind_name(socket);
  row.role = socket.role;
  if (!socket.local.empty() && row.local != socket.local) row.local = socket.local;
  if (!socket.peer.empty() && row.peer != socket.peer) row.peer = socket.peer;
  row.last_ns = std::max(row.last_ns, event.time_ns + call.duration_ns);
  return row;
}

void ConnectionSummary::fold_quiet_rows() {
  std::vector<uint64_t> times;
  for (const auto& [key, row] : rows_) times.push_back(row.last_ns);
  const auto middle = times.begin() + static_cast<ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  std::erase_if(rows_, [this, limit = *middle](const auto& entry) {
    if (entry.second.last_ns > limit) return false;
    fold(entry.second);
    return true;
  });
}

void ConnectionSummary::fold(const Row& row) {
  if (!row.is_connection()) return;
  folded_.first_ns = folded_rows_ == 0 ? row.first_ns : std::min(folded_.first_ns, row.first_ns);
  folded_.last_ns = std::max(folded_.last_ns, row.last_ns);
  folded_.calls += row.calls;
  folded_.sent += row.sent;
  folded_.received += row.received;
  ++folded_rows_;
}

std::vector<const ConnectionSummary::Row*> ConnectionSummary::connections() const {
  std::vector<const Row*> shown;
  for (const auto& [key, row] : rows_)
    if (row.is_connection()) shown.push_back(&row);
  std::ranges::stable_sort(shown, {}, &Row::first_ns);
  return shown;
}

std::string ConnectionSummary::line(const Row& row, std::string_view what) const {
  const auto seconds = [this](uint64_t time_ns) {
    return static_cast<double>(time_ns - std::min(time_ns, start_ns_)) / kNsPerSecond;
  };
  return fmt::format("{:11.6f} {:11.6f} {:9} {:12} {:12} {}\n", seconds(row.first_ns),
                     seconds(row.last_ns), row.calls, row.sent, row.received, what);
}

std::string ConnectionSummary::table() const {
  const auto rows = connections();
  if (rows.empty() && folded_rows_ == 0) return "";
  std::string text = fmt::format("{:>11} {:>11} {:>9} {:>12} {:>12} {}\n", "first s", "last s",
                                 "calls", "sent", "received", "connection");
  text += "----------- ----------- --------- ------------ ------------ ----------------\n";
  for (const Row* row : rows)
    text += line(
        *row, fmt::format("{} {} {} {}  {}[{}]", row->kind, address_text(row->local),
                          arrow(row->role), address_text(row->peer), row->process_name, row->pid));
  if (folded_rows_ > 0)
    text += line(folded_, fmt::format("{} others, quiet for longer", folded_rows_));
  return text;
}

}  // namespace wireseam
