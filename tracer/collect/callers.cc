// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/callers.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <sstream>

#include "tracer/collect/elf_symbols.h"
#include "tracer/trace/bytes.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

// Of a process.
constexpr size_t kMostModules = 8192;
constexpr size_t kMostAddresses = size_t{1} << 16;

}  // namespace

bool Callers::may_begin(uint32_t process, uint32_t pid) const {
  const auto entry = processes_.find(process);
  return entry == processes_.end() || entry->second.pid == pid;
}

void Callers::begin(uint32_t process, uint32_t pid, uint32_t copied_from) {
  const auto original = processes_.find(copied_from);
  std::vector<Module> modules;
  if (original != processes_.end()) modules = original->second.modules;
  processes_[process] = Process{pid, std::move(modules), {}};
}

void Callers::end(uint32_t process) { processes_.erase(process); }

std::string_view Callers::add_module(uint32_t process, std::span<const std::byte> record) {
  const auto entry = processes_.find(process);
  const auto size = read_at<uint32_t>(record, offsetof(ModuleRecord, path_size));
  const auto base = read_at<uint64_t>(record, offsetof(ModuleRecord, base));
  const auto begin = read_at<uint64_t>(record, offsetof(ModuleRecord, begin));
  const auto end = read_at<uint64_t>(record, offsetof(ModuleRecord, end));
  if (entry == processes_.end() || !size || !base || !begin || !end) return {};
  if (entry->second.modules.size() >= kMostModules) return {};
  const auto path = text_of(record.subspan(sizeof(ModuleRecord))).substr(0, *size);
  entry->second.modules.push_back({*begin, *end, *base, std::string(path)});
  return path;
}

const Callers::Module* Callers::module_at(const Process& process, uint64_t address) {
  const auto covers = [address](const Module& module) {
    return module.begin <= address && address < module.end;
  };
  const auto found = std::find_if(process.modules.begin(), process.modules.end(), covers);
  return found == process.modules.end() ? nullptr : &*found;
}

// A library's lowest mapping is that of its first segment, whose address in the file is 0.
void Callers::read_maps(Process& process) const {
  const auto folder = processes_known_.look_into(process.pid);
  std::istringstream maps(folder ? folder->read("maps") : "");
  auto& modules = process.modules;
  for (std::string line; std::getline(maps, line) && modules.size() < kMostModules;) {
    uint64_t begin = 0, end = 0, offset = 0;
    int path_at = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &begin,
                    &end, &offset, &path_at) < 3)
      continue;
    const std::string path = line.substr(std::min(line.size(), static_cast<size_t>(path_at)));
    if (!path.starts_with('/')) continue;
    const auto known = std::ranges::find_if(
        modules, [&](const Module& module) { return module.begin <= begin && begin < module.end; });
    if (known != modules.end())
      known->is_mapped = known->is_mapped || known->path == path;
    else if (offset == 0 || modules.empty() || modules.back().path != path)
      modules.push_back({begin, end, begin - offset, path, true});
    else
      modules.back().end = end;
  }
}

// The path may have been made up. Of root's files and our own nothing is to be feared; others are
// read only where the process has mapped them, with the rights that we gave it.
bool Callers::may_be_read(Process& process, const Module& module) const {
  struct stat file {};
  if (stat(module.path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) return false;
  if (module.is_mapped || file.st_uid == 0 || file.st_uid == geteuid()) return true;
  read_maps(process);
  const Module* found = module_at(process, module.begin);
  return found != nullptr && found->is_mapped;
}

std::optional<Callers::Place> Callers::find_new(uint32_t process, uint64_t address) {
  const auto entry = processes_.find(process);
  if (address == 0 || entry == processes_.end()) return std::nullopt;
  auto& asked = entry->second.asked;
  if (asked.size() >= kMostAddresses || !asked.insert(address).second) return std::nullopt;
  const Module* found = module_at(entry->second, address);
  if (found == nullptr) {
    read_maps(entry->second);
    found = module_at(entry->second, address);
  }
  if (found == nullptr) return Place{};
  const Module module = *found;
  if (!may_be_read(entry->second, module)) return Place{module.path, ""};
  // The call stands before its return address.
  const auto symbol = find_elf_symbol(module.path, address - module.base - 1);
  if (!symbol) return Place{module.path, ""};
  return Place{module.path, fmt::format("{}+{:#x}", symbol->name, symbol->offset + 1)};
}

}  // namespace wireseam
