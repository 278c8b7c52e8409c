// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "tests/unit/catch2.h"
#include "tests/unit/decode/decoding.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

std::string segment(const TcpFields& fields, std::string_view payload = "") {
  return ethernet(kIpv4, ipv4({}, tcp(fields, payload)));
}

TcpOptions options_of(std::string options) {
  Decoding decoding;
  return decoding.decode(segment({.options = std::move(options)})).tcp.options;
}

}  // namespace

TEST_CASE("every field of a TCP header is read") {
  Decoding decoding;
  const Packet& packet = decoding.decode(segment({.source_port = 40000,
                                                  .destination_port = 8080,
                                                  .seq = 0xfffffff0,
                                                  .ack = 0x80000001,
                                                  .flags = kAck | kPsh | kAe | kUrg,
                                                  .window = 502,
                                                  .urgent = 7},
                                                 "hello"));
  REQUIRE(outcome(packet) == "Whole");
  CHECK(packet.transport == Transport::Tcp);
  CHECK(packet.source_port == 40000);
  CHECK(packet.destination_port == 8080);
  CHECK(packet.tcp.seq == 0xfffffff0);
  CHECK(packet.tcp.ack == 0x80000001);
  CHECK(packet.tcp.flags == (kAck | kPsh | kAe | kUrg));
  CHECK(packet.tcp.window == 502);
  CHECK(packet.tcp.urgent == 7);
  CHECK(packet.payload_length == 5);
  CHECK(text_of(packet.payload) == "hello");
}

TEST_CASE("the options of a SYN are read") {
  const TcpOptions options = options_of(mss_option(1460) + sack_permitted_option() +
                                        timestamps_option(11, 22) + window_scale_option(7));
  CHECK(options.mss == 1460);
  CHECK(options.sack_permitted);
  CHECK(options.has_timestamps);
  CHECK(options.ts_value == 11);
  CHECK(options.ts_echo == 22);
  CHECK(options.has_window_scale);
  CHECK(options.window_scale == 7);
}

TEST_CASE("timestamps alone are read, and no other option is there") {
  const TcpOptions options = options_of(timestamps_option(0xdeadbeef, 1));
  CHECK(options.has_timestamps);
  CHECK(options.ts_value == 0xdeadbeef);
  CHECK(options.ts_echo == 1);
  CHECK(options.mss == 0);
  CHECK_FALSE(options.has_window_scale);
  CHECK_FALSE(options.sack_permitted);
  CHECK(options.sack_count == 0);
}

TEST_CASE("up to four SACK blocks are read") {
  const std::array<SackBlock, 4> blocks{{{10, 20}, {30, 40}, {50, 60}, {0xfffffff0, 5}}};
  const size_t count = GENERATE(1, 3, 4);
  const TcpOptions options = options_of(sack_option(std::span(blocks).first(count)));
  REQUIRE(options.sack_count == count);
  CHECK(options.sacks[count - 1].begin == blocks[count - 1].begin);
  CHECK(options.sacks[count - 1].end == blocks[count - 1].end);
}

TEST_CASE("an option that nobody knows is passed over") {
  const TcpOptions options = options_of("\xfd\x06hoho" + mss_option(536));
  CHECK(options.mss == 536);
}

TEST_CASE("nothing behind the end of the options is read") {
  CHECK(options_of(std::string("\0", 1) + mss_option(536)).mss == 0);
}

TEST_CASE("a broken TCP option ends the options, and the segment counts") {
  const auto broken = GENERATE(std::string("\xfd\0", 2),  // length 0 would never end
                               std::string("\xfd\x01", 2), std::string("\xfd\x09", 2),
                               std::string("\x01\x01\x01\xfd", 4));
  Decoding decoding;
  const Packet& packet = decoding.decode(segment({.options = mss_option(536) + broken}, "hello"));
  const size_t at = 14 + 20 + 20 + 4 + (broken[0] == 1 ? 3 : 0);
  CHECK(outcome(packet) == "Whole TCP option at " + std::to_string(at));
  CHECK(packet.tcp.options.mss == 536);
  CHECK(text_of(packet.payload) == "hello");
}

TEST_CASE("an option of the wrong size is passed over, as the kernel does") {
  Decoding decoding;
  const Packet& packet = decoding.decode(
      segment({.options = std::string("\x02\x03\x01", 3) + window_scale_option(3)}));
  CHECK(outcome(packet) == "Whole TCP option at 54");
  CHECK(packet.tcp.options.mss == 0);
  CHECK(packet.tcp.options.window_scale == 3);
}

TEST_CASE("a data offset that cannot be is malformed") {
  Decoding decoding;
  CHECK(outcome(decoding.decode(segment({.header_words = 4}, "hello"))) ==
        "Malformed TCP data offset at 46");
  CHECK(outcome(decoding.decode(segment({.header_words = 7}, "hello"))) ==
        "Malformed TCP data offset at 46");
}

TEST_CASE("a segment shorter than a TCP header is malformed") {
  Decoding decoding;
  CHECK(outcome(decoding.decode(ethernet(kIpv4, ipv4({}, tcp({}).substr(0, 19))))) ==
        "Malformed TCP header at 34");
}

TEST_CASE("a segment whose options the capture cut counts, with its length on the wire") {
  Decoding decoding;
  const std::string whole =
      segment({.options = mss_option(1460) + timestamps_option(1, 2)}, "hello");
  const Packet& packet = decoding.decode_cut(whole, 14 + 20 + 20 + 9);
  CHECK(outcome(packet) == "Whole");
  CHECK(packet.tcp.options.mss == 1460);
  CHECK_FALSE(packet.tcp.options.has_timestamps);
  CHECK(packet.tcp.options.cut);
  CHECK(packet.payload_length == 5);
  CHECK(packet.payload.empty());
}

TEST_CASE("options are cut only where the capture lacks some of them") {
  const auto is_cut = [](const std::string& options, size_t kept) {
    Decoding decoding;
    return decoding.decode_cut(segment({.options = options}), 14 + 20 + 20 + kept).tcp.options.cut;
  };
  const std::string timestamps = timestamps_option(1, 2);
  CHECK_FALSE(is_cut(mss_option(1460), 4));
  CHECK_FALSE(is_cut(timestamps, 12));
  CHECK(is_cut(timestamps, 11));
  CHECK(is_cut(timestamps, 0));
  CHECK(is_cut(timestamps + mss_option(1460), 12));
  // Nothing stands behind the end of the list.
  CHECK_FALSE(is_cut(std::string("\x01\0\0\0", 4) + mss_option(1460), 4));
  CHECK_FALSE(is_cut(std::string("\xfd\x01\0\0", 4) + mss_option(1460), 4));
}

TEST_CASE("a payload that the capture cut keeps its length on the wire") {
  Decoding decoding;
  const Packet& packet = decoding.decode_cut(segment({}, "hello"), 14 + 20 + 20 + 2);
  CHECK(outcome(packet) == "Whole");
  CHECK(packet.payload_length == 5);
  CHECK(text_of(packet.payload) == "he");
}
