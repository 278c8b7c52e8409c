// SPDX-License-Identifier: Apache-2.0
// What each process did with each connection. Of very many connections those that were quiet for
// longest are folded into one row.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tracer/trace/event.h"
#include "tracer/trace/socket.h"

namespace wireseam {

class ConnectionSummary {
 public:
  void begin(const Event& event, const ProcessBeginEvent& begin);
  void end(const Event& event);

  void count(const Event& event, const CallEvent& call, const CallSockets& about);

  // A row for each connection of each process, in the order of their first calls, as text; empty
  // where there are none. A socket that has no peer and moved nothing is no connection.
  std::string table() const;

 private:
  using Key = std::pair<uint32_t, uint64_t>;  // index of the process, id of the socket

  struct Row {
    uint32_t pid = 0;
    std::string process_name;
    std::string_view kind;
    SocketRole role = SocketRole::Unknown;
    std::vector<std::byte> local;
    std::vector<std::byte> peer;
    uint64_t calls = 0;
    uint64_t sent = 0;
    uint64_t received = 0;
    uint64_t first_ns = 0;
    uint64_t last_ns = 0;

    bool is_connection() const { return !peer.empty() || sent > 0 || received > 0; }
  };

  Row& count_call(const Event& event, const CallEvent& call, const Socket& socket);
  void fold_quiet_rows();
  void fold(const Row& row);
  std::vector<const Row*> connections() const;
  std::string line(const Row& row, std::string_view what) const;

  std::map<Key, Row> rows_;
  std::unordered_map<uint32_t, std::string> names_;  // of processes, by pid
  Row folded_;
  uint64_t folded_rows_ = 0;
  uint64_t start_ns_ = UINT64_MAX;  // the first call's
};

}  // namespace wireseam
