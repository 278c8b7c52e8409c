// SPDX-License-Identifier: Apache-2.0
// Events as JSON lines, each checked against docs/json-schema/trace.schema.json.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tracer/trace/event.h"

namespace wireseam::test {

const nlohmann::json& trace_schema();

std::vector<std::string> json_lines(const std::vector<Event>& events);
std::string json_line(const Event& event);

// The value of one key of the event's line, as JSON; "none" where it lacks the key.
std::string json_value(const Event& event, const std::string& pointer);

}  // namespace wireseam::test
