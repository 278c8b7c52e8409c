// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/frame/made_stream.h"

#include <cstdio>

#include "common/framing/json_header.h"
#include "common/framing/length_field.h"

namespace wireseam {
namespace {

constexpr uint64_t kFixedSize = 37;

struct Row {
  std::string_view framing;
  uint64_t min_body;
  std::string (*header)(uint64_t body_size);
};

std::string big_endian(uint64_t value, int width) {
  std::string bytes;
  while (width-- > 0) bytes += static_cast<char>(value >> 8 * width & 255);
  return bytes;
}

std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

std::string pkt_line(uint64_t body_size) {
  char text[8];
  std::snprintf(text, sizeof text, "%04x", static_cast<unsigned>(body_size + 4));
  return text;
}

const Row kRows[] = {
    {"len32le", 0, encode_len32le_header},
    {"json-header", 0, [](uint64_t n) { return encode_json_header({.total_size = n}); }},
    {"lf:offset=2,width=3,adjust=1,strip=6", 0,
     [](uint64_t n) { return "ab" + big_endian(n, 3) + "c"; }},
    {"line", 0, [](uint64_t) { return std::string(); }},
    {"varint", 0, varint},
    {"fixed:size=37", 0, [](uint64_t) { return std::string(); }},
    {"tls", 0, [](uint64_t n) { return "\x17\3\3" + big_endian(n, 2); }},
    {"postgres", 0, [](uint64_t n) { return "Q" + big_endian(n + 4, 4); }},
    {"kafka", 4, [](uint64_t n) { return big_endian(n, 4); }},
    {"http2", 0, [](uint64_t n) { return big_endian(n, 3) + std::string("\0\1\0\0\0\3", 6); }},
    {"dns", 12, [](uint64_t n) { return big_endian(n, 2); }},
    {"mqtt", 0, [](uint64_t n) { return "\x30" + varint(n); }},
    {"bgp", 0, [](uint64_t n) { return std::string(16, '\xff') + big_endian(n + 19, 2) + '\2'; }},
    {"git", 0, pkt_line},
};

const Row& row_of(std::string_view framing) {
  for (const Row& row : kRows)
    if (row.framing == framing) return row;
  return kRows[0];
}

uint64_t pick_size(const Row& row, Random& random) {
  if (row.framing.starts_with("fixed")) return kFixedSize;
  const uint64_t largest = pick(random, 0, 3) == 0 ? 3000 : 40;
  return row.min_body + pick(random, 0, largest);
}

}  // namespace

const std::vector<std::string_view>& made_framings() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Row& row : kRows) all.push_back(row.framing);
    return all;
  }();
  return names;
}

MadeStream made_stream(std::string_view framing, size_t count, Random& random) {
  const Row& row = row_of(framing);
  MadeStream stream;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t begin = stream.bytes.size();
    const uint64_t size = pick_size(row, random);
    stream.bytes += row.header(size);
    const uint64_t header_size = stream.bytes.size() - begin;
    for (uint64_t at = 0; at < size; ++at)
      stream.bytes +=
          static_cast<char>(framing == "line" ? pick(random, 'a', 'z') : pick(random, 0, 255));
    if (framing == "line") stream.bytes += '\n';
    stream.frames.push_back({{begin, stream.bytes.size()}, header_size});
  }
  return stream;
}

}  // namespace wireseam
