// SPDX-License-Identifier: Apache-2.0
#include "common/framing/json_header.h"

#include "common/framing/length_field.h"
#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"

using namespace wireseam;

namespace {

constexpr uint64_t kFiveGiB = 5'368'709'120;

std::string with_prefix(const std::string& json) {
  return encode_len32le_header(json.size()) + json;
}

std::string flaw_in(const std::string& json) {
  return flaw_of(cut("json-header", with_prefix(json)));
}

JsonHeader parse(const std::string& json) {
  return std::get<JsonHeader>(parse_json_header(bytes_of(json)));
}

}  // namespace

TEST_CASE("a json-header frame is known from its header on, however large the body") {
  const std::string header = encode_json_header({.total_size = kFiveGiB});
  CHECK(cut("json-header", header.substr(0, 3)) == CutResult(NeedMore{4}));
  CHECK(cut("json-header", header.substr(0, 4)) == CutResult(NeedMore{header.size()}));
  CHECK(cut("json-header", header) ==
        CutResult(FrameExtent{header.size() + kFiveGiB, header.size(), kFiveGiB}));
}

TEST_CASE("what is written into a JSON header is read from it") {
  const JsonHeader header{.total_size = 7,
                          .md5 = "d41d8c",
                          .filename = "a\n\"b\"\\\xc3\xa4\xf0\x9f\x98\x80",
                          .status = -1};
  CHECK(parse(encode_json_header(header).substr(4)) == header);
}

TEST_CASE("a JSON header holds its size alone, then one object in ASCII") {
  CHECK(encode_json_header({.total_size = 2, .filename = "\xc3\xa4", .status = 0}) ==
        with_prefix(R"({"total_size":2,"md5":"","filename":"\u00e4","status":0})"));
}

TEST_CASE("bytes of a filename that are not UTF-8 are replaced when written, kept when read") {
  CHECK(parse(encode_json_header({.filename = "a\xff"
                                              "b"})
                  .substr(4))
            .filename ==
        "a\xef\xbf\xbd"
        "b");
  CHECK(parse("{\"total_size\":0,\"filename\":\"a\xff"
              "b\"}")
            .filename ==
        "a\xff"
        "b");
}

TEST_CASE("a filename that Python's surrogateescape wrote is taken as it stands") {
  CHECK(parse(R"({"total_size":0,"filename":"a\udcff"})").filename == R"(a\udcff)");
}

TEST_CASE("the header that a Python peer writes is read") {
  CHECK(parse(R"({"filename": null, "md5": "d41d", "total_size": 12, "x": {"total_size": [1]}})") ==
        JsonHeader{.total_size = 12, .md5 = "d41d"});
}

TEST_CASE("other keys, and known ones of another type, are ignored") {
  CHECK(parse(R"({"a":[{},[],{"b":[1,{"c":null}]}],"total_size":1,"md5":5,"filename":[],
               "status":"0","z":-1.5e+3,"t":true,"f":false})") == JsonHeader{.total_size = 1});
}

TEST_CASE("a status that no int holds is ignored") {
  CHECK(parse(R"({"total_size":1,"status":-15})").status == -15);
  CHECK(parse(R"({"total_size":1,"status":99999999999})").status == std::nullopt);
  CHECK(parse(R"({"total_size":1,"status":1.5})").status == std::nullopt);
}

TEST_CASE("of a key that is there twice the last one holds") {
  CHECK(parse(R"({"total_size":1,"total_size":2})").total_size == 2);
  CHECK(flaw_in(R"({"total_size":1,"total_size":-2})") == "total_size is negative");
  CHECK(parse(R"({"total_size":-2,"total_size":1})").total_size == 1);
}

TEST_CASE("a key may be written with escapes") {
  CHECK(parse(R"({"total\u005fsize":3})").total_size == 3);
}

TEST_CASE("a JSON header without a usable total_size is malformed, with the reason") {
  const auto [json, expected] = GENERATE(table<const char*, const char*>({
      {"{}", "the header has no total_size"},
      {R"({"x":{"total_size":1}})", "the header has no total_size"},
      {R"({"total_size":"1"})", "total_size is not a number"},
      {R"({"total_size":[1]})", "total_size is not a number"},
      {R"({"total_size":{}})", "total_size is not a number"},
      {R"({"total_size":null})", "total_size is not a number"},
      {R"({"total_size":true})", "total_size is not a number"},
      {R"({"total_size":-1})", "total_size is negative"},
      {R"({"total_size":-99999999999999999999})", "total_size is negative"},
      {R"({"total_size":1.5})", "total_size is not an integer"},
      {R"({"total_size":1e3})", "total_size is not an integer"},
      {R"({"total_size":9223372036854775808})", "total_size is larger than 9223372036854775807"},
      {R"({"total_size":18446744073709551616})", "total_size is larger than 9223372036854775807"},
      {R"({"total_size":1e999})", "total_size is not an integer"},
  }));
  CAPTURE(json);
  CHECK(flaw_in(json) == expected);
}

TEST_CASE("the largest total_size is an off_t's") {
  const std::string header = with_prefix(R"({"total_size":9223372036854775807})");
  CHECK(std::get<FrameExtent>(cut("json-header", header)).body_size == kMaxTotalSize);
}

TEST_CASE("a frame above max is malformed") {
  CHECK(flaw_of(cut("json-header:max=100", encode_json_header({.total_size = 100}))) ==
        "length 100 is too large: a frame has at most 100 bytes");
}

TEST_CASE("a header that is not one JSON object is malformed") {
  CHECK(flaw_in("[1]") == "the header is not a JSON object");
  CHECK(flaw_in(" 7 ") == "the header is not a JSON object");
  CHECK(flaw_in("") == "the header is not JSON");
  CHECK(flaw_in("hello") == "the header is not JSON");
}

TEST_CASE("a flaw tells where in the frame it lies") {
  CHECK(cut("json-header", with_prefix(R"({"total_size":-1})")) ==
        CutResult(Malformed{4 + 14, Flaw::TotalSizeNegative}));
  CHECK(cut("json-header", with_prefix(R"({"total_size" 1})")) ==
        CutResult(Malformed{4 + 14, Flaw::HeaderNotJson}));
}

TEST_CASE("a negative or too large header size is malformed before the header has arrived") {
  CHECK(flaw_of(cut("json-header", "\xff\xff\xff\xff")) == "length -1 is negative");
  CHECK(cut("json-header", encode_len32le_header(kMaxJsonHeaderSize)) ==
        CutResult(NeedMore{4 + kMaxJsonHeaderSize}));
  CHECK(flaw_of(cut("json-header", encode_len32le_header(kMaxJsonHeaderSize + 1))) ==
        "length 1048577 is too large: a frame has at most 1048580 bytes");
}

TEST_CASE("JSON may be nested deep, but not without end") {
  const auto nested = [](size_t depth) {
    return R"({"x":)" + std::string(depth, '[') + std::string(depth, ']') + R"(,"total_size":1})";
  };
  CHECK(parse(nested(512)).total_size == 1);
  CHECK(flaw_in(nested(513)) == "the header's JSON is nested deeper than 512 levels");
  CHECK(flaw_in(std::string(kMaxJsonHeaderSize, '[')) ==
        "the header's JSON is nested deeper than 512 levels");
}
