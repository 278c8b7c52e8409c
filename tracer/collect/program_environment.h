// SPDX-License-Identifier: Apache-2.0
// The environment that a traced program is started with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wireseam {

// "NAME=VALUE" each, in the order of environ(7).
using ProgramEnvironment = std::vector<std::string>;

// As we were started with it.
ProgramEnvironment own_environment();

std::optional<std::string_view> find_variable(const ProgramEnvironment& environment,
                                              std::string_view name);

void set_variable(ProgramEnvironment& environment, std::string_view name, std::string_view value);

// "NAME=VALUE" sets the variable, "NAME" removes it, as strace's -E.
void change_variable(ProgramEnvironment& environment, const std::string& change);

// What the shim needs: itself in LD_PRELOAD, before what the user has there, and the region's path.
// AddressSanitizer's runtime, which wants to be the first in LD_PRELOAD, is told to let it pass.
void add_tracing(ProgramEnvironment& environment, const std::string& shim_path,
                 const std::string& region_path);

}  // namespace wireseam
