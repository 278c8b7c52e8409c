// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary bytes as a JSON header and compares the answer with what a JSON library makes of
// the same bytes.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "common/framing/json_header.h"
#include "tests/fuzz/fuzz.h"

using namespace wireseam;
using nlohmann::json;

namespace {

enum class Verdict : uint8_t { Json, NotJson, Unknown };

// The library ends at a NUL and wants a double to hold every number; neither is JSON's rule.
Verdict judge(std::string_view text, json& value) {
  if (text.find('\0') != std::string_view::npos) return Verdict::Unknown;
  try {
    value = json::parse(text);
    return Verdict::Json;
  } catch (const json::parse_error&) {
    return Verdict::NotJson;
  } catch (const json::out_of_range&) {
    return Verdict::Unknown;
  }
}

// Of strings with escapes or without ASCII the library takes fewer: it looks at surrogates and
// UTF-8.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c != '\\' && c > 0; });
}

void check_header(const JsonHeader& header, Verdict verdict, const json& value) {
  if (verdict == Verdict::Json) {
    require(value.is_object(), "a header is an object");
    require(value.value("total_size", json()) == header.total_size, "total_size is the library's");
    const json filename = value.value("filename", json());
    require(header.filename == (filename.is_string() ? filename.get<std::string>() : ""),
            "filename is the library's");
  }
  const std::string encoded = encode_json_header(header);
  const auto again = parse_json_header(std::as_bytes(std::span(encoded)).subspan(4));
  require(std::get<JsonHeader>(again).total_size == header.total_size, "what is written is read");
}

void check_flaw(const Malformed& malformed, Verdict verdict, const json& value) {
  require(!to_string(malformed).empty(), "a flaw has a reason");
  if (verdict != Verdict::Json) return;
  require(malformed.flaw != Flaw::HeaderNotJson, "JSON is read");
  require(value.is_object() || malformed.flaw == Flaw::HeaderNotObject ||
              malformed.flaw == Flaw::HeaderTooDeep,
          "what is no object is said to be none");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(input), size);
  json value;
  const Verdict verdict = judge(text, value);
  const auto result = parse_json_header(std::as_bytes(std::span(text)));
  if (const auto* header = std::get_if<JsonHeader>(&result)) {
    require(verdict != Verdict::NotJson || !is_plain(text), "what is no JSON is not read");
    check_header(*header, verdict, value);
  } else {
    const auto& malformed = std::get<Malformed>(result);
    require(malformed.offset <= size, "a flaw lies within the header");
    check_flaw(malformed, verdict, value);
  }
  return 0;
}
