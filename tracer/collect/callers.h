// SPDX-License-Identifier: Apache-2.0
// Who made a call: the module and symbol at its return address. A process tells which modules it
// began with; what it loaded later stands in /proc/PID/maps as long as it lives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "tracer/collect/traced_processes.h"

namespace wireseam {

class Callers {
 public:
  // `processes` must outlive this.
  explicit Callers(const TracedProcesses& processes) : processes_known_(processes) {}

  struct Place {
    std::string module;  // path; empty where it is not known
    std::string symbol;  // "main+0x1f"; empty where the file names none
  };

  // A program begins; one that was forked has the modules of the process that it is a copy of.
  // Whether the index is free, or is this process's.
  bool may_begin(uint32_t process, uint32_t pid) const;
  void begin(uint32_t process, uint32_t pid, uint32_t copied_from);
  void end(uint32_t process);

  // A ModuleRecord. The module's path; empty where the record is none, or one too many.
  std::string_view add_module(uint32_t process, std::span<const std::byte> record);

  // What lies there; no value where this has been asked before.
  std::optional<Place> find_new(uint32_t process, uint64_t address);

 private:
  struct Module {
    uint64_t begin = 0;
    uint64_t end = 0;
    uint64_t base = 0;
    std::string path;
    bool is_mapped = false;  // by the kernel's word
  };
  struct Process {
    uint32_t pid = 0;
    std::vector<Module> modules;
    std::unordered_set<uint64_t> asked;
  };

  static const Module* module_at(const Process& process, uint64_t address);
  void read_maps(Process& process) const;
  bool may_be_read(Process& process, const Module& module) const;

  const TracedProcesses& processes_known_;
  std::unordered_map<uint32_t, Process> processes_;
};

}  // namespace wireseam
