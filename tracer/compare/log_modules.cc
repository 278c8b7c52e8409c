// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_modules.h"

#include <iterator>

#include "tracer/compare/log_call.h"
#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

// mmap(addr, length, prot, flags, fd, offset)
constexpr size_t kArguments = 6;
constexpr size_t kLength = 1;
constexpr size_t kProtection = 2;
constexpr size_t kFile = 4;
constexpr size_t kOffset = 5;

}  // namespace

bool is_mapping(std::string_view syscall) { return syscall == "mmap" || syscall == "mmap2"; }

void LogModules::map(uint32_t pid, std::string_view text) {
  const auto call = parse_log_call(text);
  if (!call || call->errnum != 0 || call->arguments.size() != kArguments) return;
  const auto length = number_of(call->arguments[kLength].word);
  const bool is_code =
      call->arguments[kProtection].word.find("PROT_EXEC") != std::string_view::npos;
  const auto offset = number_of(call->arguments[kOffset].word);
  const std::string_view path = call->arguments[kFile].note;
  const auto begin = static_cast<uint64_t>(call->result);
  if (!is_code || !length || !offset || *length > UINT64_MAX - begin || path.empty()) return;
  processes_[pid].mappings[begin] = {begin + *length, *offset, std::string(path)};
}

void LogModules::inherit(uint32_t pid, uint32_t parent) {
  const auto found = processes_.find(parent);
  if (found == processes_.end()) return forget(pid);
  const Process copy{.mappings = found->second.mappings, .asked = {}};
  processes_[pid] = copy;
}

void LogModules::forget(uint32_t pid) { processes_.erase(pid); }

std::optional<LogModules::Place> LogModules::find_new(uint32_t pid, uint64_t address) {
  const auto process = processes_.find(pid);
  if (process == processes_.end()) return std::nullopt;
  const auto& mappings = process->second.mappings;
  const auto next = mappings.upper_bound(address);
  if (next == mappings.begin()) return std::nullopt;
  const auto& [begin, mapping] = *std::prev(next);
  if (address >= mapping.end || !process->second.asked.insert(address).second) return std::nullopt;
  return Place{mapping.path, address - begin + mapping.offset};
}

}  // namespace wireseam
