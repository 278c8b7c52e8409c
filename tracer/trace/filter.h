// SPDX-License-Identifier: Apache-2.0
// Which calls are shown: strace's -e trace=, -e status=, -e fd= and -P, with strace's meaning. A
// call is known by its libc name and by that of the system call behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/trace/event.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

// Names or numbers, listed or, after '!', excluded.
struct Selection {
  std::set<int> members;
  bool inverted = true;  // so that at first everything is selected

  bool contains(int member) const { return members.contains(member) != inverted; }
  bool everything() const { return inverted && members.empty(); }
};

class Filter {
 public:
  // -e EXPRESSION: "trace=connect,%desc", "status=failed", "fd=3,4"; without a name what trace=
  // has. Throws Error in strace's words for what has no meaning.
  void add(std::string_view expression);

  void select_calls(std::string_view set);        // names, %classes, /regular expressions
  void select_statuses(std::string_view set);     // successful, failed, unfinished, ...
  void select_descriptors(std::string_view set);  // numbers

  // -P: calls that name this path, or whose descriptor is a UNIX socket of this name. Where the
  // path leads to another one (realpath(3)), that one is to be added, too.
  void add_path(std::string_view path);

  // Whether a call can be judged only when it has returned.
  bool needs_result() const { return !statuses_.everything(); }

  // Whether matches() asks what the descriptors are.
  bool needs_sockets() const { return !paths_.empty(); }

  // Events that are no calls are always shown. `sockets` is as it was before the event; it may be
  // nullptr unless needs_sockets().
  bool matches(const Event& event, const SocketTable* sockets) const;

 private:
  bool matches_object(const Event& event, const CallEvent& call, const SocketTable* sockets) const;
  bool matches_descriptor(const Event& event, int fd, const SocketTable* sockets) const;
  bool matches_path(const CallEvent& call, size_t parameter) const;
  bool is_selected_name(std::span<const std::byte> sockaddr) const;

  Selection calls_;
  Selection statuses_;
  Selection descriptors_;
  std::set<std::string, std::less<>> paths_;
};

}  // namespace wireseam
