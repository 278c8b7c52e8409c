// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/region_users.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string>
#include <string_view>

#include "tracer/collect/process_folder.h"
#include "tracer/collect/untraceable.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

constexpr std::string_view kRegionFile = "/memfd:wireseam-region";
constexpr std::string_view kShimFile = "/libwireseam-shim.so";
constexpr std::chrono::seconds kLongestLoad{5};

constexpr unsigned kStartField = 22;  // of proc(5)'s stat: ticks since the machine was started

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

// Whether its program takes the shim, as far as its file tells.
bool can_be_traced(uint32_t pid) {
  const auto obstacle = find_obstacle("/proc/" + std::to_string(pid) + "/exe");
  return !obstacle || obstacle->obstacle == Obstacle::Go;
}

}  // namespace

RegionUse look_for_region(uint32_t pid, ino_t region) {
  std::istringstream maps(ProcessFolder(pid).read("maps"));
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
  const std::string environment = ProcessFolder(pid).read("environ");
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
  const uint64_t begun = ProcessFolder(self).stat_field(kStartField).value_or(0);
  const std::vector<uint32_t> pids = all_pids();
  std::vector<uint32_t> users;
  for (const uint32_t pid : pids) {
    const ProcessFolder process(pid);
    const auto start = process.stat_field(kStartField);
    if (!start || pid == self || process.parent() == self || *start < begun) continue;
    if (is_user(pid)) users.push_back(pid);
  }
  std::erase_if(loading_, [&](const auto& entry) {
    return std::ranges::find(pids, entry.first) == pids.end();
  });
  return users;
}

}  // namespace wireseam
