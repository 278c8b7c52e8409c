// SPDX-License-Identifier: Apache-2.0
// Symbols by process and address, and when to forget them.
#include "tracer/trace/symbol_table.h"

namespace wireseam {
namespace {

// The last calls of a process may be read a little after its end.
constexpr size_t kKeptAfterEnd = 64;

}  // namespace

void SymbolTable::add(uint32_t process, uint64_t address, std::string_view module,
                      std::string_view symbol) {
  processes_[process].insert_or_assign(address, Symbol{std::string(module), std::string(symbol)});
}

Caller SymbolTable::find(uint32_t process, uint64_t address) const {
  const auto symbols = processes_.find(process);
  if (symbols == processes_.end()) return {.address = address, .module = {}, .symbol = {}};
  const auto found = symbols->second.find(address);
  if (found == symbols->second.end()) return {.address = address, .module = {}, .symbol = {}};
  return {.address = address, .module = found->second.module, .symbol = found->second.symbol};
}

void SymbolTable::began(uint32_t pid, uint32_t process) {
  const auto [known, is_new] = process_of_pid_.try_emplace(pid, process);
  if (is_new || known->second == process) return;
  retire(known->second);
  known->second = process;
}

void SymbolTable::ended(uint32_t pid, uint32_t process) {
  const auto known = process_of_pid_.find(pid);
  if (known != process_of_pid_.end() && known->second == process) process_of_pid_.erase(known);
  retire(process);
}

void SymbolTable::retire(uint32_t process) {
  retired_.push_back(process);
  if (retired_.size() <= kKeptAfterEnd) return;
  processes_.erase(retired_.front());
  retired_.pop_front();
}

}  // namespace wireseam
