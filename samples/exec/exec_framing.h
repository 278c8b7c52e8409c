// SPDX-License-Identifier: Apache-2.0
// The framings that exec-server and exec-client speak, and the options that say so.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace wireseam {
struct JsonHeader;
}

namespace wireseam::samples {

enum class ExecFraming { Raw, Len32le, JsonHeader };

struct ExecOptions {
  std::string framing = "json-header";
  bool framed_requests = false;
  std::string encoding;  // of commands' output on the connection; empty: as the command wrote it
};

// --framing, --framed-requests, --encoding.
void add_exec_options(CLI::App& app, ExecOptions& options);

// Throws UsageError where the options contradict each other.
void check_exec_options(const ExecOptions& options);

// The framing of that name, one of those that --framing takes.
ExecFraming exec_framing(std::string_view name);

// What stands before a body of header.total_size bytes: nothing in raw. Throws Error for a body
// that is too long for the framing.
std::string frame_header(ExecFraming framing, const JsonHeader& header);

}  // namespace wireseam::samples
