// SPDX-License-Identifier: Apache-2.0
// The words that strace's options take behind '=', and what they set. All throw UsageError for what
// has no meaning; `option` is what the message calls them.
#pragma once

#include <string>

#include "tracer/trace/text_options.h"

namespace wireseam {

// s, ms, us or ns: digits behind the point. Empty: microseconds.
int parse_precision(const std::string& option, const std::string& word);

// --absolute-timestamps=[[format:]none|time|unix],[[precision:]s|ms|us|ns]. Empty: as another -t.
void set_time_of_day(TextOptions& text, const std::string& words);

// --decode-fds=path,socket,... Empty: as another -y.
void set_descriptors(TextOptions& text, const std::string& set);

// --quiet=attach,exit,... Empty: as another -q.
void set_quiet(TextOptions& text, const std::string& set);

// --strings-in-hex=none|non-ascii|all. Empty: all.
void set_hex_strings(TextOptions& text, const std::string& word);

}  // namespace wireseam
