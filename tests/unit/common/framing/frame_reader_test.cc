// SPDX-License-Identifier: Apache-2.0
#include "common/framing/frame_reader.h"

#include "common/framing/json_header.h"
#include "common/framing/length_field.h"
#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"

using namespace wireseam;

namespace {

std::string text_of(Bytes bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// Feeds a piece and tells what came of it: "(header) [body] ." for a frame, "?5" for the wish for
// five bytes, "!3" for a flaw at offset 3.
std::string told(FrameReader& reader, std::string_view piece) {
  reader.feed(bytes_of(piece));
  std::string all;
  for (;;) {
    const FrameEvent event = reader.next();
    if (const auto* begin = std::get_if<FrameBegin>(&event)) {
      all += "(" + text_of(begin->header) + ")";
    } else if (const auto* body = std::get_if<BodyPiece>(&event)) {
      all += "[" + text_of(body->bytes) + "]";
    } else if (std::holds_alternative<FrameEnd>(event)) {
      all += ".";
    } else if (const auto* more = std::get_if<NeedMore>(&event)) {
      return all + "?" + std::to_string(more->size);
    } else {
      return all + "!" + std::to_string(std::get<Malformed>(event).offset);
    }
  }
}

}  // namespace

TEST_CASE("a reader hands on headers and bodies as they arrive") {
  FrameReader reader(parse_framing("lf:width=1,strip=2,adjust=1"));
  CHECK(told(reader, "") == "?1");
  CHECK(told(reader, "\3") == "?2");
  CHECK(told(reader, "ha") == "(\3h)[a]?4");
  CHECK(told(reader, "b") == "[b]?5");
  CHECK_FALSE(reader.at_boundary());
  CHECK(told(reader, "c\1xz\2") == "[c].(\1x)[z].?2");
  CHECK_FALSE(reader.at_boundary());
  CHECK(told(reader, "xyz") == "(\2x)[yz].?1");
  CHECK(reader.at_boundary());
}

TEST_CASE("a frame without a body has no body pieces") {
  FrameReader reader(parse_framing("lf:width=1"));
  const std::string two_empty_frames(2, '\0');
  CHECK(told(reader, two_empty_frames) == std::string("(\0).(\0).?1", 10));
}

TEST_CASE("delimiters and trailers are no part of a body") {
  FrameReader lines(parse_framing("line"));
  CHECK(told(lines, "a\r\nb\nc") == "()[a].()[b].?2");
  CHECK(told(lines, "d\r") == "?4");
  CHECK(told(lines, "\n\n") == "()[cd].().?1");
  FrameReader trailers(parse_framing("lf:width=1,adjust=2,trailer=2"));
  CHECK(told(trailers, "\1ax") == "(\1)[a]?4");
  CHECK(told(trailers, "x\1b") == ".(\1)[b]?3");
  CHECK(told(trailers, "xx") == ".?1");
}

TEST_CASE("raw frames are the pieces") {
  FrameReader reader(parse_framing("raw"));
  CHECK(told(reader, "hello") == "()[hello].?1");
  CHECK(told(reader, "world") == "()[world].?1");
}

TEST_CASE("a flaw is final and counts from the beginning of the stream") {
  FrameReader reader(parse_framing("len32le"));
  const std::string good = encode_len32le_header(1) + "x";
  CHECK(told(reader, good + "\xff\xff\xff\xff").ends_with("!5"));
  CHECK(told(reader, good) == "!5");
}

TEST_CASE("a flaw is told with the piece that has it, whole header or not") {
  FrameReader reader(parse_framing("bgp"));
  CHECK(told(reader, "\xff\xff") == "?19");
  CHECK(told(reader, "\xff\xfe") == "!3");
}

TEST_CASE("the place in the stream goes on from frame to frame") {
  const std::string ssl_request("\0\0\0\x08\x04\xd2\x16\x2f", 8);
  const std::string tls_record("\x16\x03\x01\0\x01x", 6);
  FrameReader reader(parse_framing("postgres"));
  CHECK(told(reader, ssl_request).ends_with(".?1"));
  CHECK(told(reader, tls_record + tls_record).ends_with("[x].?5"));
}

TEST_CASE("a body is handed on in the pieces that arrive, however large it is") {
  FrameReader reader(parse_framing("json-header"));
  const uint64_t size = uint64_t{5} << 30;
  const std::string header = encode_json_header({.total_size = size});
  CHECK(told(reader, header.substr(0, 10)) == "?" + std::to_string(header.size()));
  CHECK(told(reader, header.substr(10)).ends_with(")?" + std::to_string(header.size() + 1)));
  const std::string piece(1 << 20, 'x');
  for (uint64_t sent = 0; sent < size; sent += piece.size()) {
    reader.feed(bytes_of(piece));
    REQUIRE(std::get<BodyPiece>(reader.next()).bytes.data() == bytes_of(piece).data());
    if (sent + piece.size() < size) REQUIRE(std::holds_alternative<NeedMore>(reader.next()));
  }
  CHECK(std::holds_alternative<FrameEnd>(reader.next()));
  CHECK(reader.at_boundary());
}
