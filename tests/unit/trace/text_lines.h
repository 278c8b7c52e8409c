// SPDX-License-Identifier: Apache-2.0
// Prints events as a test wants to see them.
#pragma once

#include <initializer_list>
#include <string>

#include "tests/unit/trace/event_builder.h"
#include "tracer/trace/text_printer.h"

namespace wireseam::test {

// The line of one call without its newline.
inline std::string line(EventBuilder& call, const TextOptions& options = {}) {
  TextPrinter printer(options);
  printer.event(call.event());
  printer.finish();
  std::string text(printer.text());
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

inline TextOptions as_syscall() {
  TextOptions options;
  options.view = View::Syscall;
  return options;
}

}  // namespace wireseam::test
