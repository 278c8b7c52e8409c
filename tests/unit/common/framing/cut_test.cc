// SPDX-License-Identifier: Apache-2.0
#include "common/error.h"
#include "common/framing/framing.h"
#include "common/framing/json_header.h"
#include "common/framing/length_field.h"
#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

CutResult cut(std::string_view framing, const std::string& window) {
  return parse_framing(framing).cut(std::as_bytes(std::span(window)));
}

std::string reason(const CutResult& result) { return to_string(std::get<Malformed>(result)); }

std::string with_json(const std::string& json) { return encode_len32le_header(json.size()) + json; }

}  // namespace

TEST_CASE("raw takes what is there") {
  CHECK(cut("raw", "abc") == CutResult(FrameExtent{3, 0, 3}));
  CHECK(cut("raw", "") == CutResult(NeedMore{1}));
}

TEST_CASE("a len32le frame is known from its four bytes on") {
  CHECK(cut("len32le", "\x05") == CutResult(NeedMore{4}));
  CHECK(cut("len32le", encode_len32le_header(5)) == CutResult(FrameExtent{9, 4, 5}));
  CHECK(cut("len32le", encode_len32le_header(0)) == CutResult(FrameExtent{4, 4, 0}));
}

TEST_CASE("a negative len32le length is malformed") {
  CHECK(reason(cut("len32le", "\xff\xff\xff\xff")) == "length -1 is negative");
}

TEST_CASE("a length that no int32 holds is not encoded") {
  CHECK(encode_len32le_header(0x7fffffff) == "\xff\xff\xff\x7f");
  CHECK_THROWS_AS(encode_len32le_header(0x80000000), Error);
}

TEST_CASE("a json-header frame is known from its header on, however large the body") {
  const std::string header = encode_json_header({.total_size = 5'368'709'120});
  CHECK(cut("json-header", header.substr(0, 3)) == CutResult(NeedMore{4}));
  CHECK(cut("json-header", header.substr(0, 4)) == CutResult(NeedMore{header.size()}));
  CHECK(cut("json-header", header) ==
        CutResult(FrameExtent{header.size() + 5'368'709'120, header.size(), 5'368'709'120}));
}

TEST_CASE("what is written into a JSON header is read from it") {
  const JsonHeader header{.total_size = 7, .md5 = "d41d8c", .filename = "a b/\"c\"", .status = -1};
  const std::string encoded = encode_json_header(header).substr(4);
  CHECK(std::get<JsonHeader>(parse_json_header(std::as_bytes(std::span(encoded)))) == header);
}

TEST_CASE("a JSON header without a usable total_size is malformed, with the reason") {
  const auto [json, expected] = GENERATE(table<const char*, const char*>({
      {"", "the header is not JSON"},
      {"{", "the header is not JSON"},
      {"[1]", "the header is not a JSON object"},
      {"7", "the header is not a JSON object"},
      {"{}", "the header has no total_size"},
      {R"({"x":{"total_size":1}})", "the header has no total_size"},
      {R"({"total_size":"1"})", "total_size is not a number"},
      {R"({"total_size":[1]})", "total_size is not a number"},
      {R"({"total_size":-1})", "total_size is negative"},
      {R"({"total_size":1.5})", "total_size is not an integer"},
      {R"({"total_size":9223372036854775808})", "total_size does not fit in 63 bits"},
      {R"({"total_size":18446744073709551616})", "total_size does not fit in 63 bits"},
  }));
  CAPTURE(json);
  CHECK(reason(cut("json-header", with_json(json))) == expected);
}

TEST_CASE("a JSON header longer than allowed is malformed before it has arrived") {
  CHECK(cut("json-header", encode_len32le_header(kMaxJsonHeaderSize)) ==
        CutResult(NeedMore{4 + kMaxJsonHeaderSize}));
  CHECK(std::holds_alternative<Malformed>(
      cut("json-header", encode_len32le_header(kMaxJsonHeaderSize + 1))));
}

TEST_CASE("an unknown framing is an error that lists the known ones") {
  CHECK_THROWS_WITH(parse_framing("len23le"),
                    "no framing 'len23le' (there are: raw, len32le, json-header)");
}
