// SPDX-License-Identifier: Apache-2.0
// Which of a process's descriptors are which sockets. Other descriptors are not in it.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "tracer/trace/socket.h"

namespace wireseam {

enum class OnExec : uint8_t { Keep, Close };

class Descriptors {
 public:
  // nullptr for a descriptor that is no socket, or not known to be one.
  Socket* find(int fd) const;

  void put(int fd, std::shared_ptr<Socket> socket, OnExec on_exec);

  // dup2(2): `to` is what `from` is, be it no socket at all.
  void duplicate(int from, int to, OnExec on_exec);

  void close(int fd) { entries_.erase(fd); }
  void close_range(uint64_t first, uint64_t last);
  void set_on_exec(uint64_t first, uint64_t last, OnExec on_exec);

  // Closes what a new program does not get.
  void exec();

 private:
  struct Entry {
    std::shared_ptr<Socket> socket;
    OnExec on_exec = OnExec::Keep;
  };

  std::unordered_map<int, Entry> entries_;
};

}  // namespace wireseam
