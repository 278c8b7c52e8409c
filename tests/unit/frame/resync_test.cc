// SPDX-License-Identifier: Apache-2.0
// What is lost with missing or malformed bytes, and where frames are found again.
#include <chrono>
#include <random>

#include "common/framing/length_field.h"
#include "tests/unit/catch2.h"
#include "tests/unit/frame/tracking.h"

using namespace wireseam;

namespace {

std::string len32le(const std::string& body) { return encode_len32le_header(body.size()) + body; }

const std::string kMissing = " ? bytes that tell where frames begin are missing\n";

std::string random_bytes(size_t size) {
  std::minstd_rand random(1);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() >> 8);
  return bytes;
}

}  // namespace

TEST_CASE("a gap within a body is counted, and the next frame is found by length") {
  Tracking tracking("lf:width=1");
  tracking.feed("\6ab");
  tracking.gap(3);
  tracking.feed("f\1x");
  CHECK(tracking.text() == "0-7 06|6 by 1 2 missing 3\n7-9 01|1 by 2\n");
}

TEST_CASE("a body whose end is missing ends there, and the next frame is found") {
  Tracking tracking("lf:width=1");
  tracking.feed("\6ab");
  tracking.gap(4);
  CHECK(tracking.text() == "0-7 06|6 by 1 missing 4\n");
  tracking.feed("\1x");
  CHECK(tracking.text() == "7-9 01|1 by 2\n");
}

TEST_CASE("what the capture cut off a packet is missing, but the packet is known") {
  Tracking tracking("lf:width=1");
  tracking.feed("\6abcdef", 3);
  tracking.feed("\6abcdef", 3);
  CHECK(tracking.text() == "0-7 06|6 by 1 missing 4\n7-14 06|6 by 2 missing 4\n");
}

TEST_CASE("after a header that is missing the next packet's beginning is tried first") {
  Tracking tracking("len32le");
  tracking.gap(100);
  tracking.feed(len32le("abc"));
  CHECK(tracking.text() == "100-107 03000000|3 by 1\n");
}

TEST_CASE("half a header before a gap is undecoded") {
  Tracking tracking("len32le");
  tracking.feed(len32le("a") + std::string("\7\0", 2));
  tracking.gap(9);
  tracking.feed(len32le("abc"));
  CHECK(tracking.text() == "0-5 01000000|1 by 1\n5-7" + kMissing + "16-23 03000000|3 by 2\n");
}

TEST_CASE("frames within a packet are found again by following them") {
  Tracking tracking("len32le");
  tracking.gap(100);
  tracking.feed("tail of a body" + len32le("abc") + len32le("d") + len32le("efgh"));
  CHECK(tracking.text() ==
        "100-114" + kMissing +
            "114-121 03000000|3 by 1\n121-126 01000000|1 by 1\n126-134 04000000|4 by 1\n");
}

TEST_CASE("zeros are no frames") {
  for (const char* framing : {"len32le", "dns", "varint", "kafka", "mysql"}) {
    Tracking tracking(framing, Place::Middle);
    tracking.feed(std::string(100'000, '\0'));
    tracking.end();
    INFO(framing);
    CHECK(tracking.text() == "0-100000" + kMissing);
  }
}

TEST_CASE("malformed bytes are one range with the reason of the first") {
  Tracking tracking("json-header");
  const std::string frame = std::string("\x10\0\0\0", 4) + R"({"total_size":0})";
  tracking.feed(frame + "garbage that no one can read" + frame + "and more");
  tracking.end();
  CHECK(tracking.text() ==
        "0-20 {\"total_size\":0}|0 by 1\n"
        "20-48 ? length 1651663207 is too large: a frame has at most 1048580 bytes\n"
        "48-68 {\"total_size\":0}|0 by 1\n"
        "68-76 ? length 543452769 is too large: a frame has at most 1048580 bytes\n");
}

TEST_CASE("lines begin behind the next newline") {
  Tracking tracking("line");
  tracking.gap(10);
  tracking.feed("rest");
  tracking.feed(" of a line\nwhole\n");
  CHECK(tracking.text() == "10-25" + kMissing + "25-31 |5 by 2\n");
}

TEST_CASE("a delimiter of two bytes is found across packets") {
  Tracking tracking("line:end=crlf", Place::Middle);
  tracking.feed("rest\r");
  tracking.feed("\nwhole\r\n");
  CHECK(tracking.text() == "0-6" + kMissing + "6-13 |5 by 2\n");
}

TEST_CASE("one message is enough for BGP, anywhere") {
  Tracking tracking("bgp", Place::Middle);
  tracking.feed("garbage" + std::string(16, '\xff') + std::string("\0\x13\4and more", 11));
  CHECK(tracking.text() == "0-7" + kMissing + "7-26 " + std::string(32, 'f') + "001304|0 by 1\n");
}

TEST_CASE("a stray length does not hide the frames behind it") {
  Tracking tracking("len32le", Place::Middle);
  tracking.feed(std::string("xx\x10\x27\0\0yyyy", 10));
  tracking.feed(len32le("abc"));
  CHECK(tracking.text() == "0-10" + kMissing + "10-17 03000000|3 by 2\n");
}

TEST_CASE("records of one size are found behind every gap") {
  Tracking tracking("fixed:size=4");
  tracking.feed("abcdef");
  tracking.gap(7);
  tracking.feed("Nopqrst");
  CHECK(tracking.text() ==
        "0-4 |4 by 1\n4-8 |4 by 1 missing 2\n12-16 |4 by 2 missing 1\n"
        "16-20 |4 by 2\n");
}

TEST_CASE("garbage takes memory within bounds and time in proportion") {
  const std::string garbage = random_bytes(256 << 10);
  for (const Framing& framing : all_framings()) {
    if (framing.name == "raw" || framing.name == "lf" || framing.name == "fixed") continue;
    Tracking tracking(framing.name, Place::Middle);
    size_t memory = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (size_t at = 0; at < garbage.size(); at += 1024) {
      tracking.feed(garbage.substr(at, 1024));
      memory = std::max(memory, tracking.tracker().memory());
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    tracking.end();
    INFO(framing.name << ": " << tracking.frames() << " frames, " << tracking.undecoded_bytes()
                      << " bytes undecoded, " << seconds.count() << " s");
    CHECK(memory < 2 * (kSearchReach + (1 << 20)));
    CHECK(seconds.count() < 20);
  }
}
