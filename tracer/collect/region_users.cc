// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/region_users.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>

#include "tracer/collect/untraceable.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

constexpr std::string_view kRegionFile = "/memfd:wireseam-region";
constexpr std::string_view kShimFile = "/libwireseam-shim.so";
constexpr std::chrono::seconds kLongestLoad{5};

std::string file_of(uint32_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

// What of proc(5)'s stat follows the name, which may hold anything.
struct Stat {
  uint32_t parent = 0;
  uint64_t start = 0;  // ticks since the machine was started
};

std::optional<Stat> read_stat(uint32_t pid) {
  std::ifstream file(file_of(pid, "stat"));
  std::string text;
  std::getline(file, text, '\0');
  const size_t end = text.rfind(')');
  if (end == text.npos) return std::nullopt;
  std::istringstream fields(text.substr(end + 1));
  std::string skipped;
  Stat stat;
  constexpr int kBetween = 17;
  fields >> skipped >> stat.parent;
  for (int i = 0; i < kBetween; ++i) fields >> skipped;
  if (!(fields >> stat.start)) return std::nullopt;
  return stat;
}

// "begin-end rights offset device inode path"
bool is_mapping_of(std::string_view line, ino_t inode) {
  const size_t path = line.find(kRegionFile);
  if (path == line.npos) return false;
  const std::string_view before = line.substr(0, line.find_last_not_of(' ', path - 1) + 1);
  const std::string_view number = before.substr(before.rfind(' ') + 1);
  ino_t found = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), found);
  return error == std::errc() && found == inode;
}

std::vector<uint32_t> all_pids() {
  std::vector<uint32_t> pids;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc"), closedir);
  if (!folder) return pids;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    uint32_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error == std::errc() && end == name.data() + name.size()) pids.push_back(pid);
  }
  return pids;
}

// Whether its program takes the shim, as far as its file tells.
bool can_be_traced(uint32_t pid) {
  const auto obstacle = find_obstacle(file_of(pid, "exe"));
  return !obstacle || obstacle->obstacle == Obstacle::Go;
}

}  // namespace

RegionUse look_for_region(uint32_t pid, ino_t region) {
  std::ifstream maps(file_of(pid, "maps"));
  RegionUse use = RegionUse::Unknown;
  for (std::string line; std::getline(maps, line);) {
    if (is_mapping_of(line, region)) return RegionUse::Region;
    if (use == RegionUse::Unknown) use = RegionUse::None;
    if (line.find(kShimFile) != line.npos) use = RegionUse::ShimAlone;
  }
  return use;
}

// What a process was started with stays to be seen in /proc.
bool RegionUsers::is_being_loaded(uint32_t pid) {
  std::ifstream file(file_of(pid, "environ"));
  const std::string environment{std::istreambuf_iterator<char>(file), {}};
  const bool is_named =
      environment.find(std::string(kRegionVariable) + "=" + variable_) != environment.npos &&
      environment.find(kShimFile) != environment.npos;
  if (!is_named || !can_be_traced(pid)) return false;
  const auto now = Clock::now();
  return now - loading_.try_emplace(pid, now).first->second < kLongestLoad;
}

bool RegionUsers::is_user(uint32_t pid) {
  switch (look_for_region(pid, region_)) {
    case RegionUse::Region:
      return true;
    case RegionUse::None:
    case RegionUse::ShimAlone:
      return is_being_loaded(pid);
    case RegionUse::Unknown:
      return false;
  }
  return false;
}

// Whoever has the region began after us.
std::vector<uint32_t> RegionUsers::find() {
  const auto self = static_cast<uint32_t>(getpid());
  const uint64_t begun = read_stat(self).value_or(Stat{}).start;
  const std::vector<uint32_t> pids = all_pids();
  std::vector<uint32_t> users;
  for (const uint32_t pid : pids) {
    const auto stat = read_stat(pid);
    if (!stat || pid == self || stat->parent == self || stat->start < begun) continue;
    if (is_user(pid)) users.push_back(pid);
  }
  std::erase_if(loading_, [&](const auto& entry) {
    return std::ranges::find(pids, entry.first) == pids.end();
  });
  return users;
}

}  // namespace wireseam
