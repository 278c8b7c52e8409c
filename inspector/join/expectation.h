// SPDX-License-Identifier: Apache-2.0
// Whose calls may come: what is known of a trace before its calls are laid beside the packets.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "common/endpoint.h"
#include "inspector/join/conversation.h"

namespace wireseam {

// Where a function is missing everybody's calls may.
struct Expectation {
  // Whether the calls of the end `local` are in the trace, now or later. Asked when the connection
  // is complete.
  std::function<bool(const Endpoint& local, const Endpoint& peer)> end{};
  // How many ends with that role, of conversations with the UNIX socket of that name, are in the
  // trace, now or later.
  std::function<size_t(const std::string& name, Role role)> named{};
  // Whether calls and packets are all of one clock, so that their times tell what was first.
  bool one_clock = true;
  // Whether the trace ends before its processes do: a full disk, or a recorder that was killed.
  bool cut_off = false;
};

}  // namespace wireseam
