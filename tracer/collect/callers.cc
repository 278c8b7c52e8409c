// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/callers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <fstream>

#include "tracer/collect/elf_symbols.h"
#include "tracer/trace/bytes.h"
#include "tracer/trace/format.h"

namespace wireseam {

void Callers::begin(uint32_t process, uint32_t pid, uint32_t copied_from) {
  const auto original = processes_.find(copied_from);
  std::vector<Module> modules;
  if (original != processes_.end()) modules = original->second.modules;
  processes_[process] = Process{pid, std::move(modules), {}};
}

void Callers::end(uint32_t process) { processes_.erase(process); }

void Callers::add_module(uint32_t process, std::span<const std::byte> record) {
  const auto entry = processes_.find(process);
  const auto size = read_at<uint32_t>(record, offsetof(ModuleRecord, path_size));
  const auto base = read_at<uint64_t>(record, offsetof(ModuleRecord, base));
  const auto begin = read_at<uint64_t>(record, offsetof(ModuleRecord, begin));
  const auto end = read_at<uint64_t>(record, offsetof(ModuleRecord, end));
  if (entry == processes_.end() || !size || !base || !begin || !end) return;
  const auto path = text_of(record.subspan(sizeof(ModuleRecord))).substr(0, *size);
  entry->second.modules.push_back({*begin, *end, *base, std::string(path)});
}

const Callers::Module* Callers::module_at(const Process& process, uint64_t address) {
  const auto covers = [address](const Module& module) {
    return module.begin <= address && address < module.end;
  };
  const auto found = std::find_if(process.modules.begin(), process.modules.end(), covers);
  return found == process.modules.end() ? nullptr : &*found;
}

// A library's lowest mapping is that of its first segment, whose address in the file is 0.
void Callers::read_maps(Process& process) {
  std::ifstream maps("/proc/" + std::to_string(process.pid) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    uint64_t begin = 0, end = 0, offset = 0;
    int path_at = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &begin,
                    &end, &offset, &path_at) < 3)
      continue;
    const std::string path = line.substr(std::min(line.size(), static_cast<size_t>(path_at)));
    if (!path.starts_with('/') || module_at(process, begin) != nullptr) continue;
    auto& modules = process.modules;
    if (offset == 0 || modules.empty() || modules.back().path != path)
      modules.push_back({begin, end, begin - offset, path});
    else
      modules.back().end = end;
  }
}

std::optional<Callers::Place> Callers::find_new(uint32_t process, uint64_t address) {
  const auto entry = processes_.find(process);
  if (address == 0 || entry == processes_.end()) return std::nullopt;
  if (!entry->second.asked.insert(address).second) return std::nullopt;
  const Module* module = module_at(entry->second, address);
  if (module == nullptr) {
    read_maps(entry->second);
    module = module_at(entry->second, address);
  }
  if (module == nullptr) return Place{};
  // The call stands before its return address.
  const auto symbol = find_elf_symbol(module->path, address - module->base - 1);
  if (!symbol) return Place{module->path, ""};
  return Place{module->path, fmt::format("{}+{:#x}", symbol->name, symbol->offset + 1)};
}

}  // namespace wireseam
