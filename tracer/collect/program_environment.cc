// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/program_environment.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "tracer/collect/secure_execution.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

bool is_variable(std::string_view item, std::string_view name) {
  return item.size() > name.size() && item.starts_with(name) && item[name.size()] == '=';
}

// The user's value, with ours before or behind it; ours alone where there is none.
std::string join_before(std::string_view ours, std::optional<std::string_view> theirs) {
  std::string joined(ours);
  if (theirs && !theirs->empty()) joined.append(":").append(*theirs);
  return joined;
}

std::string join_behind(std::string_view ours, std::optional<std::string_view> theirs) {
  return theirs && !theirs->empty() ? join_before(*theirs, ours) : std::string(ours);
}

}  // namespace

ProgramEnvironment own_environment() {
  ProgramEnvironment environment;
  for (char** item = environ; item != nullptr && *item != nullptr; ++item)
    environment.emplace_back(*item);
  for (std::string& variable : variables_taken()) environment.push_back(std::move(variable));
  return environment;
}

std::optional<std::string_view> find_variable(const ProgramEnvironment& environment,
                                              std::string_view name) {
  for (const std::string& item : environment)
    if (is_variable(item, name)) return std::string_view(item).substr(name.size() + 1);
  return std::nullopt;
}

void set_variable(ProgramEnvironment& environment, std::string_view name, std::string_view value) {
  std::string item = std::string(name) + "=" + std::string(value);
  const auto old = std::ranges::find_if(
      environment, [&](const std::string& other) { return is_variable(other, name); });
  if (old == environment.end())
    environment.push_back(std::move(item));
  else
    *old = std::move(item);
}

void change_variable(ProgramEnvironment& environment, const std::string& change) {
  const size_t equals = change.find('=');
  if (equals != change.npos) {
    const std::string_view text = change;
    set_variable(environment, text.substr(0, equals), text.substr(equals + 1));
  } else {
    std::erase_if(environment, [&](const std::string& item) { return is_variable(item, change); });
  }
}

void add_tracing(ProgramEnvironment& environment, const std::string& shim_path,
                 const std::string& region_path) {
  set_variable(environment, "LD_PRELOAD",
               join_before(shim_path, find_variable(environment, "LD_PRELOAD")));
  set_variable(environment, kRegionVariable, region_path);
  // Set for all, since any of the program's children may be built with AddressSanitizer.
  set_variable(environment, "ASAN_OPTIONS",
               join_behind("verify_asan_link_order=0", find_variable(environment, "ASAN_OPTIONS")));
}

}  // namespace wireseam
