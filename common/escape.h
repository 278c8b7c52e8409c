// SPDX-License-Identifier: Apache-2.0
// Makes bytes of a peer fit for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wireseam {

// Appends the text with all that is no UTF-8 or would do something to a terminal (is_control) as
// "\x1b", byte by byte. Tells nothing apart from a backslash that was there: for eyes only.
void append_escaped(std::string& out, std::string_view text);

// The same, of what is longer than `limit` bytes only the beginning and "...".
void append_escaped(std::string& out, std::string_view text, size_t limit);

}  // namespace wireseam
