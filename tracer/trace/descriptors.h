// SPDX-License-Identifier: Apache-2.0
// Which of a process's descriptors are which sockets. Other descriptors are not in it. What a
// number named before is remembered for a while: a call that waits goes on with the socket that it
// began with, though another thread closes the number and the kernel gives it to another socket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "tracer/trace/socket.h"

namespace wireseam {

enum class OnExec : uint8_t { Keep, Close };

class Descriptors {
 public:
  // nullptr for a descriptor that is no socket, or not known to be one.
  Socket* find(int fd) const;
  std::shared_ptr<Socket> share(int fd) const;

  // What it named when a call began that is back now, if it has ceased to in between.
  std::shared_ptr<Socket> replaced(int fd, uint64_t begin_ns, uint64_t end_ns) const;

  // When what is done next happens.
  void set_time(uint64_t now_ns) { now_ns_ = now_ns; }

  void put(int fd, std::shared_ptr<Socket> socket, OnExec on_exec);

  // dup2(2): `to` is what `from` is, be it no socket at all.
  void duplicate(int from, int to, OnExec on_exec);

  void close(int fd);
  void close_range(uint64_t first, uint64_t last);
  void set_on_exec(uint64_t first, uint64_t last, OnExec on_exec);

  // Closes what a new program does not get.
  void exec();

 private:
  struct Entry {
    std::shared_ptr<Socket> socket;
    OnExec on_exec = OnExec::Keep;
  };

  struct Past {
    std::weak_ptr<Socket> socket;
    uint64_t until_ns = 0;
  };

  void remember(int fd, const Entry& entry);

  std::unordered_map<int, Entry> entries_;
  std::unordered_map<int, std::vector<Past>> past_;  // by number, the oldest first
  uint64_t now_ns_ = 0;
};

}  // namespace wireseam
