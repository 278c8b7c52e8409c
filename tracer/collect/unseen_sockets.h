// SPDX-License-Identifier: Apache-2.0
// Finds the sockets of processes whose calls are not seen, so that their packets can be told from
// those of others: in their folders of /proc, again and again while they live. What a process has
// between two looks is missed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "tracer/collect/process_folder.h"
#include "tracer/trace/event.h"

namespace wireseam {

class UnseenSockets {
 public:
  using Tell = std::function<void(const Event& event)>;
  using Miss = std::function<void(const std::string& what)>;
  // At once; the others are missed.
  struct Limits {
    size_t processes = 1024;
    size_t sockets = 65536;
  };

  // `tell` hears of each socket of the Internet that has a port: when it was found, and when it is
  // gone; `miss` that a limit was reached, once of each.
  UnseenSockets(Tell tell, Miss miss) : UnseenSockets(std::move(tell), std::move(miss), Limits{}) {}
  UnseenSockets(Tell tell, Miss miss, const Limits& limits)
      : tell_(std::move(tell)), miss_(std::move(miss)), limits_(limits) {}

  // The process, and what descends from it from now on.
  void watch(uint32_t pid);

  // Where it is time to: often while there are news, and never so often that it takes more than a
  // twentieth of the time.
  void look_if_due();

  void look();

 private:
  struct Process {
    ProcessFolder folder;
    uint64_t looked_ns;  // last; before the first time, when it began
  };
  struct Known {
    uint32_t pid = 0;
    bool is_told = false;  // it has a port
    bool is_there = false;
    UnseenSocketEvent socket;
  };

  void find_children();
  bool look_into(uint32_t pid, Process& process, uint64_t now_ns);
  void meet(uint32_t pid, const Process& process, const std::string& descriptor);
  void name_sockets(const ProcessFolder& process, uint64_t now_ns);
  void end_gone(uint64_t now_ns);
  void tell(const Known& known, uint64_t now_ns);
  void reached(bool& told, size_t most, const char* of_what);

  Tell tell_;
  Miss miss_;
  Limits limits_;
  bool told_processes_ = false;
  bool told_sockets_ = false;
  std::map<uint32_t, Process> processes_;  // by pid
  std::map<uint32_t, Known> sockets_;      // by inode; those of the Internet
  std::chrono::steady_clock::time_point next_look_{};
  std::chrono::steady_clock::time_point last_news_{};
};

}  // namespace wireseam
