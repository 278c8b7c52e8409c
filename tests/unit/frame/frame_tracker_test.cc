// SPDX-License-Identifier: Apache-2.0
// How the frames of a whole stream are found, however it was cut into pieces.
#include "tests/unit/catch2.h"
#include "tests/unit/frame/tracking.h"

using namespace wireseam;

TEST_CASE("frames that lie in one piece name their packet") {
  Tracking tracking("lf:width=1");
  const Seams seams = tracking.feed("\2ab\1c");
  CHECK(tracking.text() == "0-3 02|2 by 1\n3-5 01|1 by 1\n");
  CHECK(seams == Seams{.begun = 2, .ended = 2});
  CHECK(tracking.tracker().memory() == 0);
}

TEST_CASE("a frame is reported with its last byte, with the packets that carried it") {
  Tracking tracking("lf:width=2");
  CHECK(tracking.feed({"\0", 1}) == Seams{.begun = 1, .continues = true});
  CHECK(tracking.feed("\5ab") == Seams{.continued = true, .continues = true});
  CHECK(tracking.text().empty());
  CHECK(tracking.feed("cde") == Seams{.ended = 1, .continued = true});
  CHECK(tracking.text() == "0-7 0005|5 by 1 2 3\n");
  CHECK(tracking.tracker().memory() == 0);
}

TEST_CASE("a header that comes byte by byte is put together") {
  Tracking tracking("json-header");
  const std::string frame = std::string("\x10\0\0\0", 4) + R"({"total_size":2})" + "ok";
  for (const char c : frame) tracking.feed({&c, 1});
  const std::string text = tracking.text();
  CHECK(text.starts_with(R"(0-22 {"total_size":2}|2 by 1 2 3 )"));
  CHECK(text.ends_with(" 21 22\n"));
}

TEST_CASE("a body of five gigabytes is counted and not kept") {
  Tracking tracking("lf:width=8,max=0xffffffffff");
  tracking.feed({"\0\0\0\1\x40\0\0\0", 8});
  const std::string megabyte(1 << 20, 'x');
  for (int i = 0; i < 5 * 1024; ++i) {
    CHECK(tracking.text().empty());
    tracking.feed(megabyte);
    REQUIRE(tracking.tracker().memory() < 100'000);
  }
  CHECK(tracking.text().ends_with(" 1023 1024 left out 4097\n"));
}

TEST_CASE("the time of a frame goes from its first captured byte to its last") {
  struct Times : FrameSink {
    ByteRange ns{};
    void frame(const Frame& frame) override { ns = {frame.first_ns, frame.last_ns}; }
    void undecoded(const Undecoded&) override {}
  } times;
  const Framing framing = parse_framing("line");
  FrameTracker tracker(framing);
  tracker.data({{0, 2}, 7, 700, bytes_of("ab")}, times);
  tracker.data({{2, 3}, 5, 500, bytes_of("c")}, times);
  tracker.data({{3, 5}, 6, 600, bytes_of("d\n")}, times);
  CHECK(times.ns == ByteRange{500, 700});
}

TEST_CASE("two pieces of one packet are one part") {
  struct Parts : FrameSink {
    size_t count = 0;
    void frame(const Frame& frame) override { count = frame.parts.size(); }
    void undecoded(const Undecoded&) override {}
  } parts;
  const Framing framing = parse_framing("line");
  FrameTracker tracker(framing);
  tracker.data({{0, 2}, 7, 700, bytes_of("ab")}, parts);
  tracker.data({{2, 4}, 7, 700, bytes_of("c\n")}, parts);
  CHECK(parts.count == 1);
}

TEST_CASE("what a stream opens with is cut by its own shape") {
  Tracking tracking("http2");
  tracking.feed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  tracking.feed({"\0\0\0\4\0\0\0\0\0", 9});
  CHECK(tracking.text() == "0-24 |24 by 1\n24-33 000000040000000000|0 by 2\n");
}

TEST_CASE("the end of the stream within a frame is said") {
  Tracking tracking("lf:width=1");
  tracking.feed("\5ab");
  tracking.end();
  CHECK(tracking.text() == "0-3 ? the stream ended within a frame of 6 bytes\n");

  Tracking line("line");
  line.feed("a\nno newline");
  line.end();
  CHECK(line.text() == "0-2 |1 by 1\n2-12 ? the stream ended within a frame\n");
}

TEST_CASE("raw has no frames") {
  Tracking tracking("raw");
  CHECK(tracking.feed("abc") == Seams{});
  tracking.gap(10);
  tracking.end();
  CHECK(tracking.text().empty());
}

TEST_CASE("a tracker that holds nothing is small") { CHECK(sizeof(FrameTracker) <= 128); }
