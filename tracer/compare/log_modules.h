// SPDX-License-Identifier: Apache-2.0
// Which file's code lies where in the processes of a strace log, as far as the log has their
// mmap(2)s with -y. What the kernel maps by itself (the program, its loader) is not known.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace wireseam {

bool is_mapping(std::string_view syscall);

class LogModules {
 public:
  // The arguments and the result of an mmap.
  void map(uint32_t pid, std::string_view text);

  // A process begins with what its parent has.
  void inherit(uint32_t pid, uint32_t parent);

  // It executes another program.
  void forget(uint32_t pid);

  // The file whose code is at an address, and the address as the file has it.
  struct Place {
    std::string_view path;
    uint64_t address;
  };

  // No value where nothing is known, and when this process was asked about the address before.
  std::optional<Place> find_new(uint32_t pid, uint64_t address);

 private:
  struct Mapping {
    uint64_t end;
    uint64_t offset;  // of its beginning in the file
    std::string path;
  };
  struct Process {
    std::map<uint64_t, Mapping> mappings;  // by their beginning
    std::set<uint64_t> asked;
  };

  std::map<uint32_t, Process> processes_;
};

}  // namespace wireseam
