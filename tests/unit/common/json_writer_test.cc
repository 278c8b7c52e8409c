// SPDX-License-Identifier: Apache-2.0
#include "common/json_writer.h"

#include <nlohmann/json.hpp>
#include <random>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

std::string string_of(std::string_view text) {
  std::string out;
  JsonWriter(out).string(text);
  return out;
}

std::string base64_of(std::string_view text) {
  std::string out;
  JsonWriter(out).base64(std::as_bytes(std::span(text)));
  return out;
}

}  // namespace

TEST_CASE("values are separated where they follow each other") {
  std::string out;
  JsonWriter json(out);
  {
    const JsonObject object(json);
    json.key("a").number(1);
    json.key("b");
    {
      const JsonArray array(json);
      json.null();
      json.boolean(true);
      json.string("[");
      json.number(-5);
      const JsonArray inner(json);
    }
    json.key("c").hex(0x7ffe);
  }
  CHECK(out == R"({"a":1,"b":[null,true,"[",-5,[]],"c":"0x7ffe"})");
}

TEST_CASE("each line stands for itself") {
  std::string out = "{}\n";
  JsonWriter json(out);
  json.begin_object();
  json.end_object();
  CHECK(out == "{}\n{}");
}

TEST_CASE("numbers keep all their digits") {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  json.number(UINT64_MAX);
  json.number(INT64_MIN);
  json.end_array();
  CHECK(out == "[18446744073709551615,-9223372036854775808]");
}

TEST_CASE("text is escaped where JSON or a terminal would trip over it") {
  CHECK(string_of("a\"b\\c") == R"("a\"b\\c")");
  CHECK(string_of("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(string_of(std::string_view("\0\x1b[2J\x7f", 6)) == R"("\u0000\u001b[2J\u007f")");
  CHECK(string_of("\xc2\x9b") == R"("\u009b")");
  CHECK(string_of("\xe2\x80\xae") == R"("\u202e")");
  CHECK(string_of("\xc3\xa9") == "\"\xc3\xa9\"");
}

TEST_CASE("bytes that are no UTF-8 become replacement characters") {
  CHECK(string_of("a\xff\xc3") == R"("a\ufffd\ufffd")");
}

TEST_CASE("JSON within JSON is kept, and made fit for a line and a terminal") {
  std::string out;
  JsonWriter json(out);
  const JsonArray array(json);
  json.json("{\"a\" :\r\n [1, \"\\n\\u0041\"]}");
  json.json("\"\xff \xc2\x9b \xc3\xa4 \x7f\"");
  CHECK(out ==
        "[{\"a\" : [1, \"\\n\\u0041\"]},"
        "\"\\ufffd \\u009b \xc3\xa4 \\u007f\"");
}

TEST_CASE("base64 pads to whole groups") {
  CHECK(base64_of("") == R"("")");
  CHECK(base64_of("f") == R"("Zg==")");
  CHECK(base64_of("fo") == R"("Zm8=")");
  CHECK(base64_of("foo") == R"("Zm9v")");
  CHECK(base64_of("foob\xff\xfe") == R"("Zm9vYv/+")");
}

TEST_CASE("random bytes always make a string that another parser takes") {
  std::minstd_rand random(1);
  for (int round = 0; round < 500; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const std::string text = string_of(bytes);
    CHECK(nlohmann::json::accept(text));
    CHECK(text.find('\n') == std::string::npos);
  }
}
