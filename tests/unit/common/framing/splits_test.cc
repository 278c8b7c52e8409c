// SPDX-License-Identifier: Apache-2.0
// However a stream is split into pieces, its frames are the same.
#include <algorithm>
#include <random>

#include "common/framing/json_header.h"
#include "common/framing/length_field.h"
#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"
#include "tests/unit/common/framing/reading.h"
#include "tests/unit/common/framing/real_messages.h"

using namespace wireseam;
using namespace std::string_literals;

namespace {

// Bit i of `cuts` says whether there is a cut behind byte i.
std::string read_split(const Framing& framing, std::string_view stream,
                       const std::vector<bool>& cuts) {
  Reading reading(framing);
  size_t begin = 0;
  for (size_t i = 0; i < stream.size(); ++i) {
    if (!cuts[i] && i + 1 < stream.size()) continue;
    reading.feed(stream.substr(begin, i + 1 - begin));
    begin = i + 1;
  }
  return reading.text();
}

struct Stream {
  std::string framing;
  std::string bytes;
};

std::vector<Stream> short_streams() {
  return {
      {"len32le", encode_len32le_header(3) + "abc" + encode_len32le_header(0) + "\1"},
      {"len32le", encode_len32le_header(2) + "ab" + "\xff\xff\xff\xff"},
      {"lf:width=3,adjust=1,strip=4,trailer=1", "\0\0\3-abc\0\0\0-\0"s},
      {"lf:offset=1,width=1,adjust=-2,min=3,strip=2", "x\5abcx\3ax\2a"},
      {"lf:width=2,digits=hex,adjust=-2,bare=1,strip=2", "03a0001zz"},
      {"varint", "\1a\x82\0bc\x80\x80\x80\x80\x80"s},
      {"mqtt", "\xc0\0\x30\2ab\x01"s},
      {"line", "ab\r\n\n\r\r\nc\r"},
      {"line:end=crlf,max=6", "a\r\r\nb\n\r\n123456"},
      {"fixed:size=4", "abcdefghi"},
      {"tls", "\x15\x03\x03\0\1x\x16\x03\x01\0\0"s},
      {"postgres", "SNR\0\0\0\4E\0\0\0\5x"s},
      {"amqp", "AMQP\0\0\x09\1\x09"s},
      {"http2", "PRI * HTX"},
  };
}

std::vector<Stream> long_streams() {
  std::mt19937 random(1);
  Stream json{"json-header", ""};
  Stream field{"lf:width=2,strip=2", ""};
  Stream lines{"line", ""};
  for (int i = 0; i < 50; ++i) {
    const std::string body(random() % 200, 'b');
    json.bytes += encode_json_header({.total_size = body.size(), .filename = body}) + body;
    field.bytes += '\0' + std::string(1, static_cast<char>(body.size())) + body;
    lines.bytes += body + (i % 2 == 0 ? "\n" : "\r\n");
  }
  return {json, field, lines};
}

}  // namespace

TEST_CASE("every split of a short stream gives the same frames") {
  for (const Stream& stream : short_streams()) {
    CAPTURE(stream.framing);
    const Framing framing = parse_framing(stream.framing);
    const std::string whole = read_whole(framing, stream.bytes);
    REQUIRE(stream.bytes.size() <= 16);
    for (uint32_t bits = 0; bits < 1u << (stream.bytes.size() - 1); ++bits) {
      std::vector<bool> cuts;
      for (size_t i = 0; i < stream.bytes.size(); ++i) cuts.push_back((bits >> i & 1) != 0);
      if (read_split(framing, stream.bytes, cuts) != whole) FAIL("split " << bits);
    }
  }
}

TEST_CASE("every split of a real stream into two, and into single bytes, gives the same frames") {
  for (const RealStream& real : real_streams()) {
    CAPTURE(real.framing, real.what);
    const Framing framing = parse_framing(real.framing);
    const std::string bytes = from_hex(real.hex);
    const std::string whole = read_whole(framing, bytes);
    CHECK(static_cast<size_t>(std::ranges::count(whole, '>')) >= real.frame_sizes.size());
    for (size_t at = 0; at < bytes.size(); ++at) {
      std::vector<bool> cuts(bytes.size());
      cuts[at] = true;
      CHECK(read_split(framing, bytes, cuts) == whole);
    }
    CHECK(read_split(framing, bytes, std::vector<bool>(bytes.size(), true)) == whole);
  }
}

TEST_CASE("random splits of long streams give the same frames") {
  const auto seed = GENERATE(range(1u, 40u));
  std::mt19937 random(seed);
  for (const Stream& stream : long_streams()) {
    CAPTURE(stream.framing, seed);
    const Framing framing = parse_framing(stream.framing);
    std::vector<bool> cuts;
    const auto mean = 1 + random() % 100;
    for (size_t i = 0; i < stream.bytes.size(); ++i) cuts.push_back(random() % mean == 0);
    CHECK(read_split(framing, stream.bytes, cuts) == read_whole(framing, stream.bytes));
  }
}

TEST_CASE("a longer window never changes an extent or a flaw, and NeedMore never asks too much") {
  for (const RealStream& real : real_streams()) {
    CAPTURE(real.framing, real.what);
    const Framing framing = parse_framing(real.framing);
    const std::string bytes = from_hex(real.hex);
    const CutResult whole = framing.cut(bytes_of(bytes), Place::Start);
    uint64_t needed = 0;
    for (size_t size = 0; size <= bytes.size(); ++size) {
      CAPTURE(size, needed);
      const CutResult result = framing.cut(bytes_of(bytes).first(size), Place::Start);
      if (const auto* more = std::get_if<NeedMore>(&result)) {
        CHECK(more->size > size);
        needed = more->size;
      } else {
        CHECK(result == whole);
        CHECK(size >= needed);
      }
    }
  }
}
