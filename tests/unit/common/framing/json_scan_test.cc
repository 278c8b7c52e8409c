// SPDX-License-Identifier: Apache-2.0
#include "common/framing/json_scan.h"

#include <string>
#include <vector>

#include "tests/unit/catch2.h"

using namespace wireseam;
using namespace std::string_literals;

namespace {

JsonFlaw flaw_of(std::string_view text) {
  JsonScan scan(text);
  while (scan.next()) continue;
  return scan.flaw();
}

}  // namespace

TEST_CASE("a scan gives the members of the outermost object as they stand in the text") {
  JsonScan scan(R"( {"a" : "x\"y", "b":-1.5e3 ,"c":[{"d":1}, 2],"":{ },"e":null} )");
  std::vector<std::string> members;
  while (const auto member = scan.next())
    members.push_back(std::string(member->key) + "=" + std::string(member->value));
  CHECK(members ==
        std::vector<std::string>{R"(a=x\"y)", "b=-1.5e3", R"(c=[{"d":1}, 2])", "={ }", "e=null"});
  CHECK(scan.flaw() == JsonFlaw::None);
}

TEST_CASE("text that is no JSON is told from JSON that is no object") {
  const auto text = GENERATE(as<std::string>(), "[]", "1", "\"x\"", "true", "[{}]");
  CHECK(flaw_of(text) == JsonFlaw::NotObject);
}

TEST_CASE("JSON is held to its grammar") {
  const auto text = GENERATE(
      as<std::string>(), "", "{", "}", "{]", "{}}", "{} x", "{,}", R"({"a"})", R"({"a":})",
      R"({"a":1,})", R"({"a":1 "b":2})", R"({a:1})", R"({'a':1})", R"({1:1})", R"({"a":1})" + "\0"s,
      R"({"a":[1,]})", R"({"a":[1 2]})", R"({"a":[1})", R"({"a":{"b"}})", R"({"a":{"b":1]})",
      R"({"a":01})", R"({"a":+1})", R"({"a":.5})", R"({"a":1.})", R"({"a":1e})", R"({"a":-})",
      R"({"a":NaN})", R"({"a":nul})", R"({"a":truex})", R"({"a":"\x"})", R"({"a":"\u12g4"})",
      R"({"a":"\u12)", R"({"a":"x)", R"({"a":"x\)", "{\"a\":\"\n\"}", "{\"a\":\"\0\"}"s, "{\"a\"");
  CAPTURE(text);
  CHECK(flaw_of(text) == JsonFlaw::NotJson);
}

TEST_CASE("white space may stand between all tokens") {
  CHECK(flaw_of("\t\r\n { \"a\" : [ 1 , { \"b\" : { } } ] , \"c\" : [ ] } \n") == JsonFlaw::None);
}
