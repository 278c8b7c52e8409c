// SPDX-License-Identifier: Apache-2.0
// Which command lines a server runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wireseam::samples {

// Whether one of ENTRIES allows LINE; no entry at all allows everything. As in sudoers(5), an entry
// of one word allows that program with any arguments, one of several words exactly that line. The
// arguments must be plain words: the shell would read ";", "$(" and their like as more commands.
bool is_allowed(std::string_view line, const std::vector<std::string>& entries);

}  // namespace wireseam::samples
