// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/json_frame.h"

#include <algorithm>

#include "common/framing/json_scan.h"

namespace wireseam {
namespace {

constexpr size_t kHeaderBytes = 64;  // shown of a header that is no JSON

bool is_json_object(std::string_view text) {
  JsonScan scan(text);
  while (scan.next()) {
  }
  return scan.flaw() == JsonFlaw::None;
}

void write_hex(JsonWriter& out, Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes)
    text += {kDigits[std::to_integer<unsigned>(byte) >> 4],
             kDigits[std::to_integer<unsigned>(byte) & 15]};
  out.string(text);
}

// What stands before the body: JSON as JSON, text as text, anything else in hexadecimal.
void write_header(JsonWriter& out, Bytes header, const Framing& framing) {
  if (header.empty()) return;
  if (framing.shape.kind != ShapeKind::JsonHeader)
    return write_hex(out.key("header_hex"), header.first(std::min(header.size(), kHeaderBytes)));
  const std::string_view text(reinterpret_cast<const char*>(header.data()), header.size());
  if (is_json_object(text))
    out.key("header").json(text);
  else
    out.key("header_text").string(text);
}

// A part of a frame: the packet, and which of the frame's bytes it brought.
void write_parts(JsonWriter& out, const Frame& frame) {
  out.key("parts");
  const JsonArray array(out);
  for (const FramePart& part : frame.parts) {
    if (part.packet == 0) continue;  // a call's, of a stream without packets
    const JsonObject object(out);
    out.key("packet").number(part.packet);
    out.key("begin").number(part.range.begin);
    out.key("end").number(part.range.end);
  }
}

}  // namespace

void write_frame(JsonLine& line, Direction direction, const Frame& frame, const Framing* framing) {
  line.out.key("direction").string(json_name(direction));
  line.out.key("number").number(frame.number);
  write_range(line.out, "range", frame.range);
  write_range(line.out, "body", frame.body);
  line.out.key("body_length").number(frame.body.size());
  if (framing != nullptr) write_header(line.out, frame.header, *framing);
  line.write_time("first_time", frame.first_ns);
  line.write_time("last_time", frame.last_ns);
  if (frame.missing != 0) line.out.key("missing_bytes").number(frame.missing);
  write_parts(line.out, frame);
  if (frame.parts_left_out != 0) line.out.key("parts_left_out").number(frame.parts_left_out);
}

}  // namespace wireseam
