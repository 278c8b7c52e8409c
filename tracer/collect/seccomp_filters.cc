// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/seccomp_filters.h"

#include <cstdlib>
#include <fstream>

namespace wireseam {
namespace {

std::optional<uint32_t> value_of(const std::string& line, const std::string& name) {
  if (!line.starts_with(name)) return std::nullopt;
  return static_cast<uint32_t>(std::strtoul(line.c_str() + name.size(), nullptr, 10));
}

}  // namespace

std::optional<uint32_t> seccomp_filters(const std::string& process) {
  std::ifstream status("/proc/" + process + "/status");
  std::optional<uint32_t> mode;
  for (std::string line; std::getline(status, line);) {
    if (const auto count = value_of(line, "Seccomp_filters:")) return count;
    if (const auto found = value_of(line, "Seccomp:")) mode = found;
  }
  if (!mode) return std::nullopt;
  return *mode == 0 ? 0 : 1;
}

}  // namespace wireseam
