// SPDX-License-Identifier: Apache-2.0
// Reads a trace file that holds anything, and shows it in every way: as text, as JSON Lines and as
// tables. The input is the file.
#include <nlohmann/json.hpp>
#include <string_view>

#include "common/error.h"
#include "common/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/json.h"
#include "tracer/trace/summary.h"
#include "tracer/trace/text_printer.h"

using namespace wireseam;

namespace {

using Bytes = std::span<const std::byte>;

// A process may choose a name of any script.
void require_harmless(std::string_view text) {
  while (!text.empty()) {
    const auto point = decode_utf8(text);
    require(point && (point->value == '\n' || !is_control(point->value)),
            "nothing of the program's does anything to the terminal");
    text.remove_prefix(point->size);
  }
}

void replay(Bytes file, EventSink& sink) {
  TraceReader reader(file);
  replay_trace(reader, sink);
}

void print_text(Bytes file) {
  TextOptions options;
  options.descriptors = DescriptorDetail::Address;
  options.relative_time = options.durations = true;
  TextPrinter printer(options);
  replay(file, printer);
  require_harmless(printer.text());
}

void print_json(Bytes file) {
  JsonPrinter printer;
  replay(file, printer);
  require_harmless(printer.text());
  std::string_view rest = printer.text();
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    require(end != rest.npos, "the last line ends");
    require(nlohmann::json::accept(rest.substr(0, end)), "each line is JSON");
    rest.remove_prefix(end + 1);
  }
}

void print_tables(Bytes file) {
  Summary summary({});
  replay(file, summary);
  require_harmless(summary.report());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  const Bytes file = std::as_bytes(std::span(input, size));
  try {
    print_text(file);
    print_json(file);
    print_tables(file);
  } catch (const Error&) {
    // No trace file of this version: said at once, and nothing more to be shown.
  }
  return 0;
}
