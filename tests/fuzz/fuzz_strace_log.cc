// SPDX-License-Identifier: Apache-2.0
// Reads any text as a log of strace, and prints what was read in every way that there is.
#include <nlohmann/json.hpp>
#include <string_view>

#include "tests/fuzz/fuzz.h"
#include "tracer/compare/strace_log.h"
#include "tracer/trace/json.h"
#include "tracer/trace/text_printer.h"

using namespace wireseam;

namespace {

void read_into(std::string_view text, EventSink& sink) {
  uint64_t reported = 0;
  StraceLog log(sink, [&](const UnreadLine&) { ++reported; });
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    log.add_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  log.finish();
  require(reported == log.report().unread, "each line that can't be read is reported");
  require(reported <= log.report().lines, "and once");
}

void print(std::string_view text) {
  TextOptions options;
  options.descriptors = DescriptorDetail::Address;
  TextPrinter libc(options);
  read_into(text, libc);
  options.view = View::Syscall;
  options.time_of_day = TimeOfDay::Epoch;
  TextPrinter syscalls(options);
  read_into(text, syscalls);
}

void print_json(std::string_view text) {
  JsonPrinter json;
  read_into(text, json);
  std::string_view lines = json.text();
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    require(nlohmann::json::accept(lines.substr(0, end)), "a line is JSON");
    lines.remove_prefix(end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  print(text);
  print_json(text);
  return 0;
}
