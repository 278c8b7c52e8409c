// SPDX-License-Identifier: Apache-2.0
// What main calls: one function a verb. Each is given the arguments behind the verb's name, returns
// an exit status, and throws Error.
#pragma once

#include <span>

namespace wireseam {

int run_trace(std::span<char* const> arguments);
int run_record(std::span<char* const> arguments);
int run_compare(std::span<char* const> arguments);
int run_inspect(std::span<char* const> arguments);
int run_demo(std::span<char* const> arguments);
int run_export(std::span<char* const> arguments);

}  // namespace wireseam
