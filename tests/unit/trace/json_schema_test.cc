// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/trace/json_schema.h"

#include <nlohmann/json.hpp>

#include "tests/unit/catch2.h"

using nlohmann::json;
using wireseam::test::schema_violation;

namespace {

const json kSchema = json::parse(R"({
  "type": "object",
  "required": ["a"],
  "properties": {
    "a": {"type": ["integer", "null"], "minimum": 0},
    "b": {"type": "array", "items": {"$ref": "#/$defs/word"}},
    "c": {"anyOf": [{"const": 1}, {"enum": ["x", "y"]}]}
  },
  "$defs": {"word": {"type": "string", "pattern": "^[a-z]+$"}}
})");

std::string violation(const char* value) { return schema_violation(kSchema, json::parse(value)); }

}  // namespace

TEST_CASE("the schema checker accepts what fits") {
  CHECK(violation(R"({"a": 0, "b": ["x", "yz"], "c": "y"})").empty());
  CHECK(violation(R"({"a": null, "c": 1})").empty());
}

TEST_CASE("the schema checker says what does not fit, and where") {
  CHECK(violation("[]") == "/ has a wrong type: []");
  CHECK(violation("{}") == "/ lacks \"a\": {}");
  CHECK(violation(R"({"a": -1})") == "/a is too small: -1");
  CHECK(violation(R"({"a": 1.5})") == "/a has a wrong type: 1.5");
  CHECK(violation(R"({"a": 1, "b": ["x", "Y"]})") == "/b/1 does not match \"^[a-z]+$\": \"Y\"");
  CHECK(violation(R"({"a": 1, "c": 2})") == "/c is not 1: 2");
  CHECK(violation(R"({"a": 1, "d": 2})") == "/d is not listed: 2");
}

TEST_CASE("the schema checker refuses words that it does not know") {
  CHECK_THROWS_AS(schema_violation({{"maxItems", 3}}, json::array()), std::logic_error);
}
