// SPDX-License-Identifier: Apache-2.0
// Logs of strace for tests: read, and printed again.
#pragma once

#include <string>
#include <vector>

#include "tracer/compare/strace_log.h"
#include "tracer/trace/text_printer.h"

namespace wireseam::test {

// What can't be read of a log, as "NUMBER: REASON".
using Complaints = std::vector<std::string>;

inline LogReport read_log(const std::string& text, EventSink& sink,
                          Complaints* complaints = nullptr) {
  StraceLog log(sink, [complaints](const UnreadLine& line) {
    if (complaints != nullptr)
      complaints->push_back(std::to_string(line.number) + ": " + line.reason);
  });
  size_t begin = 0;
  for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n', begin)) {
    log.add_line(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
  if (begin < text.size()) log.add_line(std::string_view(text).substr(begin));
  log.finish();
  return log.report();
}

inline TextOptions like_strace() {
  TextOptions options;
  options.view = View::Syscall;
  options.result_column = 0;
  options.interfaces[1] = "lo";
  return options;
}

// The log as it is printed again, each line with its newline.
inline std::string reprinted(const std::string& log, const TextOptions& options = like_strace(),
                             Complaints* complaints = nullptr) {
  TextPrinter printer(options);
  read_log(log, printer, complaints);
  return std::string(printer.text());
}

}  // namespace wireseam::test
