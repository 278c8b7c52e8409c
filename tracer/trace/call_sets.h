// SPDX-License-Identifier: Apache-2.0
// What strace's -e trace= takes: the calls behind a name, a class or a regular expression.
#pragma once

#include <optional>
#include <set>
#include <string_view>

namespace wireseam {

// The numbers (CallNumber) of the calls that `token` stands for: connect, recvfrom, 44 (a system
// call's number), %network, desc, /^send, each also with @64 behind it. No value where it stands
// for nothing. Throws Error for a broken regular expression.
std::optional<std::set<int>> calls_named(std::string_view token);

}  // namespace wireseam
