// SPDX-License-Identifier: Apache-2.0
// What lies at the addresses that calls came from, process by process: the names that a trace's
// SymbolRecords told. Bounded: the names of a process that has ended are soon forgotten.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tracer/trace/event.h"

namespace wireseam {

class SymbolTable {
 public:
  void add(uint32_t process, uint64_t address, std::string_view module, std::string_view symbol);

  // The names are empty where nothing was told. They stay valid until the process is forgotten,
  // which is never while it lives.
  Caller find(uint32_t process, uint64_t address) const;

  // `process` is what runs under this pid from now on; another one that did has ended.
  void began(uint32_t pid, uint32_t process);
  void ended(uint32_t pid, uint32_t process);

 private:
  struct Symbol {
    std::string module;
    std::string symbol;
  };
  using Symbols = std::unordered_map<uint64_t, Symbol>;

  void retire(uint32_t process);

  std::unordered_map<uint32_t, Symbols> processes_;
  std::unordered_map<uint32_t, uint32_t> process_of_pid_;
  std::deque<uint32_t> retired_;
};

}  // namespace wireseam
