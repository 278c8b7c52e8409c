// SPDX-License-Identifier: Apache-2.0
// The names of constants (constants.def): AF_*, SO_*, MSG_*, errno values, signals, ... A value
// that has no name is never an error; who shows it shows the number.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wireseam {

enum class ConstantGroup : uint8_t {
#define GROUP(group, unknown) group,
#include "tracer/trace/constants.def"
};

struct Constant {
  ConstantGroup group;
  std::string_view name;
  uint64_t value;
};

// The rows of a group. Those of a set of flags are in the order in which flags are shown, so a row
// of several bits (O_SYNC) stands before its parts (O_DSYNC).
std::span<const Constant> constants(ConstantGroup group);

// The name of a value; empty where it has none.
std::string_view constant_name(ConstantGroup group, uint64_t value);

// What a value without a name is called: "AF_???". Empty for some groups.
std::string_view unknown_name(ConstantGroup group);

// The names of socket options at a level (SOL_SOCKET, ...); no value for a level that has no table.
std::optional<ConstantGroup> option_group(uint64_t level);

}  // namespace wireseam
