// SPDX-License-Identifier: Apache-2.0
// Reads the few members of a header that matter, in one scan; only strings with escapes are handed
// to the JSON library.
#include "common/framing/json_header.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "common/framing/json_scan.h"
#include "common/framing/length_field.h"

namespace wireseam {
namespace {

constexpr Shape kPrefix = {.kind = ShapeKind::LengthField,
                           .width = 4,
                           .order = ByteOrder::Little,
                           .sign = Signedness::Signed,
                           .max = 4 + kMaxJsonHeaderSize};

// The members as they stand in the text; empty where not there.
struct RawHeader {
  uint64_t total_size = 0;
  std::string_view md5;
  std::string_view filename;
  std::string_view status;
};

// A string whose escapes make no valid text (a lone surrogate) stays as it is.
std::string unescaped(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  const auto json = nlohmann::json::parse('"' + std::string(text) + '"', nullptr, false);
  return json.is_string() ? json.get<std::string>() : std::string(text);
}

std::variant<uint64_t, Malformed> read_total_size(const JsonMember& member) {
  if (member.type != JsonType::Number) return Malformed{0, Flaw::TotalSizeNotNumber};
  const std::string_view text = member.value;
  if (text.find_first_of(".eE") != std::string_view::npos)
    return Malformed{0, Flaw::TotalSizeFraction};
  if (text.front() == '-') return Malformed{0, Flaw::TotalSizeNegative};
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value > kMaxTotalSize)
    return Malformed{0, Flaw::TotalSizeTooLarge, 0, kMaxTotalSize};
  return value;
}

Malformed flaw_of(const JsonScan& scan) {
  switch (scan.flaw()) {
    case JsonFlaw::NotObject:
      return {0, Flaw::HeaderNotObject};
    case JsonFlaw::TooDeep:
      return {scan.offset(), Flaw::HeaderTooDeep, 0, JsonScan::kMaxDepth};
    case JsonFlaw::None:
    case JsonFlaw::NotJson:
      break;
  }
  return {scan.offset(), Flaw::HeaderNotJson};
}

std::string_view value_if(const JsonMember& member, JsonType type) {
  return member.type == type ? member.value : std::string_view();
}

std::variant<RawHeader, Malformed> scan_header(Bytes json) {
  const std::string_view text(reinterpret_cast<const char*>(json.data()), json.size());
  RawHeader header;
  std::variant<uint64_t, Malformed> total_size = Malformed{0, Flaw::TotalSizeMissing};
  JsonScan scan(text);
  std::string escaped_key;
  while (const auto member = scan.next()) {
    std::string_view key = member->key;
    if (key.find('\\') != std::string_view::npos) key = escaped_key = unescaped(key);
    if (key == "total_size") {
      total_size = read_total_size(*member);
      if (auto* malformed = std::get_if<Malformed>(&total_size))
        malformed->offset = static_cast<uint64_t>(member->value.data() - text.data());
    } else if (key == "md5") {
      header.md5 = value_if(*member, JsonType::String);
    } else if (key == "filename") {
      header.filename = value_if(*member, JsonType::String);
    } else if (key == "status") {
      header.status = value_if(*member, JsonType::Number);
    }
  }
  if (scan.flaw() != JsonFlaw::None) return flaw_of(scan);
  if (const auto* malformed = std::get_if<Malformed>(&total_size)) return *malformed;
  header.total_size = std::get<uint64_t>(total_size);
  return header;
}

std::optional<int> read_status(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::variant<JsonHeader, Malformed> parse_json_header(Bytes json) {
  const auto scanned = scan_header(json);
  if (const auto* malformed = std::get_if<Malformed>(&scanned)) return *malformed;
  const auto& raw = std::get<RawHeader>(scanned);
  return JsonHeader{.total_size = raw.total_size,
                    .md5 = unescaped(raw.md5),
                    .filename = unescaped(raw.filename),
                    .status = read_status(raw.status)};
}

std::string encode_json_header(const JsonHeader& header) {
  nlohmann::ordered_json object;
  object["total_size"] = header.total_size;
  object["md5"] = header.md5;
  object["filename"] = header.filename;
  if (header.status) object["status"] = *header.status;
  const std::string json =
      object.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
  return encode_len32le_header(json.size()) + json;
}

CutResult cut_json_header(const Shape& shape, Bytes window) {
  const CutResult prefix = cut_length_field(kPrefix, window);
  const auto* header = std::get_if<FrameExtent>(&prefix);
  if (header == nullptr) return prefix;
  if (window.size() < header->size) return NeedMore{header->size};
  const auto scanned = scan_header(window.subspan(header->body_offset, header->body_size));
  if (const auto* malformed = std::get_if<Malformed>(&scanned)) {
    Malformed in_window = *malformed;
    in_window.offset += header->body_offset;
    return in_window;
  }
  const uint64_t body_size = std::get<RawHeader>(scanned).total_size;
  const uint64_t size = header->size + body_size;
  if (size > shape.max)
    return Malformed{header->body_offset, Flaw::LengthAboveMax, body_size, shape.max};
  return FrameExtent{.size = size, .body_offset = header->size, .body_size = body_size};
}

}  // namespace wireseam
