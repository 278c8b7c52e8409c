// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/trace/json_lines.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/json_schema.h"
#include "tracer/trace/json.h"

using nlohmann::ordered_json;

namespace wireseam::test {

const nlohmann::json& trace_schema() {
  static const auto kSchema = nlohmann::json::parse(
      std::ifstream(WIRESEAM_SOURCE_DIR "/docs/json-schema/trace.schema.json"));
  return kSchema;
}

std::vector<std::string> json_lines(const std::vector<Event>& events) {
  JsonPrinter printer;
  for (const Event& event : events) printer.event(event);
  std::vector<std::string> lines;
  std::istringstream stream{std::string(printer.text())};
  for (std::string line; std::getline(stream, line);) {
    INFO(line);
    CHECK(schema_violation(trace_schema(), nlohmann::json::parse(line)) == "");
    lines.push_back(line);
  }
  return lines;
}

std::string json_line(const Event& event) {
  const auto lines = json_lines({event});
  REQUIRE(lines.size() == 1);
  return lines[0];
}

// The value of one key of the event's line, as text.
std::string json_value(const Event& event, const std::string& pointer) {
  const auto line = ordered_json::parse(json_line(event));
  const ordered_json::json_pointer at(pointer);
  return line.contains(at) ? line.at(at).dump() : "none";
}

}  // namespace wireseam::test
