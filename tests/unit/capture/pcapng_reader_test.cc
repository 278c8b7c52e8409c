// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/pcapng_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>

#include "inspector/capture/capture_file.h"
#include "tests/unit/capture/pcapng_builder.h"
#include "tests/unit/catch2.h"
#include "tests/unit/temp_folder.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Lines = std::vector<std::string>;

constexpr uint16_t kEthernet = 1;
constexpr uint16_t kRaw = 101;
constexpr uint16_t kCookedV2 = 276;
constexpr uint64_t kTimeUs = 1'700'000'000'123'456;

constexpr auto kOrders = {std::endian::little, std::endian::big};

// What there was to read, and how it ended.
struct Reading {
  Lines packets;  // "NUMBER TIME LINK_TYPE BYTES/WIRE"
  std::string flaw;
  CaptureDrops drops;
  std::vector<uint32_t> link_types;
};

std::string line_of(const RawPacket& packet) {
  return std::to_string(packet.number) + " " + std::to_string(packet.time_ns) + " " +
         std::to_string(packet.link_type) + " " +
         std::string(reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size()) +
         "/" + std::to_string(packet.wire_length);
}

Reading read(const std::string& content) {
  const TempFolder folder;
  folder.write("x", content);
  CaptureFile file(folder / "x");
  Reading reading;
  while (const RawPacket* packet = file.next()) reading.packets.push_back(line_of(*packet));
  const std::string name = "'" + (folder / "x") + "' ";
  reading.flaw = file.flaw().substr(file.flaw().empty() ? 0 : name.size());
  reading.drops = file.drops();
  reading.link_types = file.link_types();
  return reading;
}

// Of a file that is good.
Lines packets_in(const PcapngBuilder& file) {
  const Reading reading = read(file.bytes());
  CHECK(reading.flaw.empty());
  return reading.packets;
}

// What is said of a file that is read no further than its first packet.
std::string flaw_behind_a_packet(const std::function<void(PcapngBuilder&)>& add) {
  PcapngBuilder file = pcapng();
  file.enhanced({.bytes = "good"});
  add(file);
  file.enhanced({.bytes = "out of reach"});
  const Reading reading = read(file.bytes());
  CHECK(reading.packets == Lines{"1 0 1 good/4"});
  return reading.flaw;
}

std::string block_at(size_t offset) { return "the block at byte " + std::to_string(offset) + " "; }

// Where the second packet begins in such a file.
const size_t kBehind = pcapng().enhanced({.bytes = "good"}).size();
const std::string kStuck = "can be read no further than packet 1: " + block_at(kBehind);

}  // namespace

TEST_CASE("each kind of packet is read in both byte orders") {
  for (const std::endian order : kOrders) {
    PcapngBuilder file = pcapng(order);
    file.enhanced({.ticks = kTimeUs, .bytes = "enhanced", .wire_length = 1500});
    file.old({.ticks = kTimeUs + 1, .bytes = "old", .wire_length = 70}, 0xffff);
    file.simple("simple", 6);
    CHECK(packets_in(file) == Lines{"1 1700000000123456000 1 enhanced/1500",
                                    "2 1700000000123457000 1 old/70", "3 0 1 simple/6"});
  }
}

TEST_CASE("each packet has the link type and the clock of its interface") {
  PcapngBuilder file;
  file.section();
  file.interface({.link_type = kEthernet, .snapshot_length = 96});
  file.interface({.link_type = kRaw, .options = {{9, "\x09"}}});
  file.interface({.link_type = kCookedV2, .options = {{9, "\x83"}}});
  file.enhanced({.interface = 2, .ticks = 9, .bytes = "any"});
  file.enhanced({.interface = 1, .ticks = 2, .bytes = "tun"});
  file.old({.interface = 0, .ticks = 3, .bytes = "eth"});
  CHECK(packets_in(file) == Lines{"1 1125000000 276 any/3", "2 2 101 tun/3", "3 3000 1 eth/3"});
  CHECK(read(file.bytes()).link_types == std::vector<uint32_t>{1, 101, 276});
}

TEST_CASE("an interface's options are read in any order, and with others among them") {
  for (const std::endian order : kOrders) {
    PcapngBuilder file(order);
    const std::string an_hour = file.u64(3600);
    file.section().interface(
        {.options = {{1, "comment"}, {14, an_hour}, {2, "lo"}, {9, "\x03"}, {0x8001, "local"}}});
    file.enhanced({.ticks = 1, .bytes = "x"});
    CHECK(packets_in(file) == Lines{"1 3600001000000 1 x/1"});
  }
}

TEST_CASE("options of another size than theirs mean nothing") {
  PcapngBuilder file;
  file.section().interface({.options = {{9, "\x09\x09"}, {14, "1234"}}});
  file.enhanced({.ticks = 1, .bytes = "x"});
  CHECK(packets_in(file) == Lines{"1 1000 1 x/1"});
}

TEST_CASE("options end with their end, and with their block") {
  PcapngBuilder file;
  const std::string seconds = file.options({{9, std::string(1, '\0')}});
  const std::string fields = file.u16(kRaw) + file.u16(0) + file.u32(0);
  file.section().block(1, fields + seconds.substr(0, 8)).block(1, fields + file.u32(0) + seconds);
  file.enhanced({.interface = 0, .ticks = 1, .bytes = "x"});
  file.enhanced({.interface = 1, .ticks = 1, .bytes = "y"});
  CHECK(packets_in(file) == Lines{"1 1000000000 101 x/1", "2 1000 101 y/1"});
}

TEST_CASE("a simple packet is cut at its interface's snapshot length") {
  PcapngBuilder file;
  file.section()
      .interface({.snapshot_length = 5})
      .simple("sixteen bytes ..", 1000)
      .simple("abc", 3);
  CHECK(packets_in(file) == Lines{"1 0 1 sixte/1000", "2 0 1 abc/3"});
  PcapngBuilder unlimited;
  unlimited.section().interface({.snapshot_length = 0}).simple("abcdef", 6);
  CHECK(packets_in(unlimited) == Lines{"1 0 1 abcdef/6"});
}

TEST_CASE("a packet's options are left alone") {
  PcapngBuilder file = pcapng();
  file.enhanced({.bytes = "abc"}, file.options({{1, "comment"}, {4, "12345678"}}));
  file.enhanced({.bytes = "next"});
  CHECK(packets_in(file) == Lines{"1 0 1 abc/3", "2 0 1 next/4"});
}

TEST_CASE("sections have interfaces and a byte order of their own") {
  PcapngBuilder little;
  little.section(1, 0, 12345).interface({.link_type = kRaw}).enhanced({.ticks = 1, .bytes = "a"});
  PcapngBuilder big(std::endian::big);
  big.section(1, 2).interface({.options = {{9, "\x09"}}}).enhanced({.ticks = 2, .bytes = "b"});
  PcapngBuilder both;
  both.raw(little.bytes()).raw(PcapngBuilder().section().bytes()).raw(big.bytes());
  both.raw(little.bytes());
  CHECK(packets_in(both) == Lines{"1 1000 101 a/1", "2 2 1 b/1", "3 1000 101 a/1"});
}

TEST_CASE("a section of another version is left out, and that is said") {
  PcapngBuilder file = pcapng();
  file.enhanced({.bytes = "a"});
  const size_t newer = file.size();
  file.section(1, 1).block(1, "").enhanced({.bytes = "?"}).block(0xbad, "1234");
  file.section(2, 0).enhanced({.bytes = "?"}).raw(pcapng().enhanced({.bytes = "b"}).bytes());
  const Reading reading = read(file.bytes());
  CHECK(reading.packets == Lines{"1 0 1 a/1", "2 0 1 b/1"});
  CHECK(reading.flaw == "was not read as a whole: the section at byte " + std::to_string(newer) +
                            " has version 1.1, not 1.0");
}

TEST_CASE("blocks that hold no packets are passed over, however long they are") {
  PcapngBuilder file = pcapng();
  file.block(4, std::string(4, '\0'));                          // names
  file.block(10, file.u32(0x544c534b) + file.u32(4) + "keys");  // secrets
  file.block(0x7777, "").block(0x80000001, std::string(1'000'000, 'x'));
  file.enhanced({.bytes = "x"});
  CHECK(packets_in(file) == Lines{"1 0 1 x/1"});
}

TEST_CASE("what Wireshark numbers as if it were a packet counts as one") {
  PcapngBuilder file = pcapng();
  uint64_t number = 0;
  for (const uint32_t type : {9u, 0x204u, 0x216u, 0x221u, 0xbadu, 0x40000badu}) {
    file.block(type, std::string(40, 'x'));
    ++number;
  }
  file.enhanced({.bytes = "x"});
  CHECK(packets_in(file) == Lines{std::to_string(number + 1) + " 0 1 x/1"});
}

TEST_CASE("drops are the newest statistics of each interface of each section, together") {
  for (const std::endian order : kOrders) {
    PcapngBuilder file = pcapng(order);
    const auto drops = [&](uint64_t interface, uint64_t kernel) {
      return std::vector<PcapngOptionBytes>{
          {4, file.u64(1000)}, {5, file.u64(interface)}, {7, file.u64(kernel)}};
    };
    file.interface().statistics(0, drops(1, 2)).statistics(0, drops(3, 5));
    file.statistics(1, drops(10, 20)).statistics(7, drops(500, 500));
    file.section().interface().statistics(0, drops(100, 1ull << 40)).statistics(0, {});
    const Reading reading = read(file.bytes());
    CHECK(reading.flaw.empty());
    CHECK(reading.drops.interface == 3 + 10 + 100);
    CHECK(reading.drops.kernel == 5 + 20 + (1ull << 40));
  }
}

TEST_CASE("of a packet that is longer than any the beginning is read") {
  PcapngBuilder file = pcapng();
  file.enhanced({.bytes = std::string(1'000'000, 'x')}).enhanced({.bytes = "next"});
  const Lines packets = packets_in(file);
  CHECK(packets == Lines{"1 0 1 " + std::string(262144, 'x') + "/1000000", "2 0 1 next/4"});
}

TEST_CASE("a file without packets, or without interfaces, is one") {
  CHECK(packets_in(pcapng()).empty());
  CHECK(packets_in(PcapngBuilder().section()).empty());
}

TEST_CASE("a file that is cut is read up to there, wherever that is") {
  PcapngBuilder file;
  std::vector<size_t> ends{file.section().size(), file.interface().size()};
  const size_t packets = ends.size();
  ends.push_back(file.enhanced({.bytes = "one"}).size());
  ends.push_back(file.simple("four", 4).size());
  ends.push_back(file.block(0x7777, "unknown").size());
  for (size_t size = ends.front(); size <= file.size(); ++size) {
    const auto whole = static_cast<size_t>(
        std::ranges::count_if(ends.begin() + packets, ends.begin() + packets + 2,
                              [&](size_t end) { return end <= size; }));
    const Reading reading = read(file.bytes().substr(0, size));
    CHECK(reading.packets.size() == whole);
    const size_t block = *std::prev(std::ranges::upper_bound(ends, size));
    const std::string flaw = "ends early, after packet " + std::to_string(whole) + ": " +
                             block_at(block) + "has " + std::to_string(size - block) + " of ";
    if (block == size)
      CHECK(reading.flaw.empty());
    else
      CHECK_THAT(reading.flaw, ContainsSubstring(flaw));
  }
}

TEST_CASE("a length that no block can have ends the file") {
  const auto flaw = [](uint32_t type, uint32_t size) {
    return flaw_behind_a_packet(
        [&](PcapngBuilder& file) { file.raw(file.u32(type) + file.u32(size)); });
  };
  const std::string impossible = kStuck + "has an impossible length of ";
  CHECK(flaw(6, 0) == impossible + "0 bytes");
  CHECK(flaw(0x7777, 8) == impossible + "8 bytes");
  CHECK(flaw(6, 54) == impossible + "54 bytes");
  CHECK(flaw(6, 4294967280) == impossible + "4294967280 bytes");
}

TEST_CASE("a block whose lengths differ ends the file") {
  for (const uint32_t type : {6u, 0x7777u}) {
    CHECK(flaw_behind_a_packet([&](PcapngBuilder& file) {
            file.raw(file.u32(type) + file.u32(16) + "body" + file.u32(20));
          }) == kStuck + "begins with a length of 16 bytes and ends with one of 20");
  }
}

TEST_CASE("a packet of an interface that nobody described ends the file") {
  CHECK(flaw_behind_a_packet([](PcapngBuilder& file) {
          file.enhanced({.interface = 1, .bytes = "x"});
        }) == kStuck + "is of interface 1, and its section has 1 (?)");
  PcapngBuilder none;
  none.section().simple("x", 1);
  CHECK_THAT(read(none.bytes()).flaw,
             ContainsSubstring("packet 0: the block at byte 28 is of interface 0, "
                               "and its section has none"));
  PcapngBuilder named;
  named.section().interface({.options = {{2, "lo"}}});
  named.interface({.options = {{2, std::string("a\x1b\0b", 4)}}}).enhanced({.interface = 2});
  CHECK_THAT(read(named.bytes()).flaw, ContainsSubstring("its section has 2 (lo, a\\x1b)"));
}

TEST_CASE("more captured bytes than there is room for end the file") {
  CHECK(flaw_behind_a_packet([](PcapngBuilder& file) {
          file.enhanced({.bytes = "1234", .captured = 5});
        }) == kStuck + "is to have 5 captured bytes, and has room for 4");
  CHECK(flaw_behind_a_packet([](PcapngBuilder& file) {
          file.old({.bytes = "", .captured = UINT32_MAX});
        }) == kStuck + "is to have 4294967295 captured bytes, and has room for 0");
  CHECK(flaw_behind_a_packet([](PcapngBuilder& file) { file.simple("1234", 100); }) ==
        kStuck + "is to have 100 captured bytes, and has room for 4");
}

TEST_CASE("a block without room for its fields ends the file") {
  for (const uint32_t type : {1u, 2u, 3u, 5u, 6u}) {
    CHECK(flaw_behind_a_packet([&](PcapngBuilder& file) {
            file.block(type, type == 3 ? "" : "1234");
          }) == kStuck + "is too short for what it should tell");
  }
}

TEST_CASE("an option that goes beyond its block ends the file") {
  for (const size_t fields : {size_t{8}, size_t{12}}) {
    CHECK(flaw_behind_a_packet([&](PcapngBuilder& file) {
            file.block(fields == 8 ? 1 : 5,
                       std::string(fields, '\0') + file.u16(2) + file.u16(5) + "1234");
          }) == kStuck + "has an option that goes beyond its end");
  }
}

TEST_CASE("a section whose byte order is none ends the file") {
  CHECK(flaw_behind_a_packet([](PcapngBuilder& file) {
          file.block(0x0a0d0d0a, file.u32(0x12345678) + std::string(12, '\0'));
        }) == kStuck + "begins a section without a byte order");
}

TEST_CASE("a file whose first section is nonsense is no capture") {
  const TempFolder folder;
  folder.write("x", PcapngBuilder().block(0x0a0d0d0a, "12345678").bytes());
  CHECK_THROWS_WITH(
      CaptureFile(folder / "x"),
      ContainsSubstring("is no capture file: the block at byte 0 begins a section without"));
  folder.write("x", PcapngBuilder().section().bytes().substr(0, 20));
  CHECK_THROWS_WITH(
      CaptureFile(folder / "x"),
      ContainsSubstring("is no capture file: the block at byte 0 has 20 of 28 bytes"));
}

TEST_CASE("a pipe is opened as soon as its first interfaces are described") {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  Fd in(ends[1]);
  PcapngBuilder file = pcapng();
  file.interface({.link_type = kRaw});
  REQUIRE(write(in.get(), file.bytes().data(), file.size()) == static_cast<ssize_t>(file.size()));
  CaptureFile capture(Fd{ends[0]}, "pipe");  // would wait for ever
  CHECK(capture.link_types() == std::vector<uint32_t>{1, 101});
  const std::string packet = PcapngBuilder().enhanced({.interface = 1, .bytes = "x"}).bytes();
  REQUIRE(write(in.get(), packet.data(), packet.size()) == static_cast<ssize_t>(packet.size()));
  CHECK(line_of(*capture.next()) == "1 0 101 x/1");
  in.reset();
  CHECK(capture.next() == nullptr);
  CHECK(capture.flaw().empty());
}
