// SPDX-License-Identifier: Apache-2.0
// All sockets of a trace that a descriptor stands for, and for a while those that none does: one
// sent by SCM_RIGHTS lives on in a message after its sender closed it.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "tracer/trace/socket.h"

namespace wireseam {

class SocketRegistry {
 public:
  // The socket with that cookie, or a new one, also where the cookie is 0: not known.
  std::shared_ptr<Socket> find_or_make(uint64_t cookie);

  // A socket whose cookie was not known has told it.
  void set_cookie(Socket& socket, uint64_t cookie);

  // How many besides the registry hold the socket with that id.
  size_t holders(uint64_t id) const;

  // Whether it was sent somewhere by SCM_RIGHTS.
  bool passed_on(uint64_t id) const;

  // Calls were lost, and who knows what they moved.
  void doubt_all();

 private:
  std::vector<std::shared_ptr<Socket>>::const_iterator find(uint64_t id) const;
  void drop_unused();

  std::vector<std::shared_ptr<Socket>> sockets_;  // in the order of their ids
  std::unordered_map<uint64_t, std::weak_ptr<Socket>> by_cookie_;
  uint64_t made_ = 0;
  size_t next_drop_ = 4096;  // how many sockets there are when those out of use are dropped
};

}  // namespace wireseam
