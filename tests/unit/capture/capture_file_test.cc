// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/capture_file.h"

#include "common/error.h"
#include "tests/unit/capture/capture_bytes.h"
#include "tests/unit/capture/packet_lines.h"
#include "tests/unit/catch2.h"
#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/temp_folder.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr uint64_t kTime = 1'700'000'000'123'456'789;
const std::vector<CapturedPacket> kPackets{{kTime, "one"}, {kTime + 1000, "second", 1500}};

std::vector<std::string> lines_in(const std::string& content) {
  const TempFolder folder;
  folder.write("x.pcap", content);
  CaptureFile file(folder / "x.pcap");
  auto lines = lines_of(file);
  CHECK(file.flaw().empty());
  return lines;
}

std::string message_of(const std::string& content, const std::string& filter = "") {
  const TempFolder folder;
  folder.write("x.pcap", content);
  try {
    CaptureFile(folder / "x.pcap", filter);
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.cure();
  }
  return "";
}

}  // namespace

TEST_CASE("pcap and pcapng files are read, with all that the clock told") {
  const std::vector<std::string> exact{"1 1700000000123456789 one/3",
                                       "2 1700000000123457789 second/1500"};
  const std::vector<std::string> rounded{"1 1700000000123456000 one/3",
                                         "2 1700000000123457000 second/1500"};
  CHECK(lines_in(pcap_file(kPackets)) == rounded);
  CHECK(lines_in(pcap_file(kPackets, {.ticks_per_second = 1'000'000'000})) == exact);
  CHECK(lines_in(pcap_file(kPackets, {.order = std::endian::big})) == rounded);
  CHECK(lines_in(pcapng_file(kPackets)) == exact);
}

TEST_CASE("records that are odd are read among those that are not") {
  const std::string longest(262144, 'x');
  std::string content = pcap_file({{kTime, "one"}, {kTime, longest}, {kTime, "two"}, {0, "late"}});
  content.replace(content.find("late") - 12, 4, u32(1'500'000));  // microseconds
  const std::vector<std::string> expected{"1 1700000000123456000 one/3",
                                          "2 1700000000123456000 " + longest + "/262144",
                                          "3 1700000000123456000 two/3", "4 1500000000 late/4"};
  CHECK(lines_in(content) == expected);
}

TEST_CASE("more than a file's snapshot length is left out") {
  std::string content = pcap_file({{0, "abc"}, {0, "abcdef"}, {0, "ab"}});
  content.replace(16, 4, u32(3));
  CHECK(lines_in(content) == std::vector<std::string>{"1 0 abc/3", "2 0 abc/6", "3 0 ab/2"});
}

TEST_CASE("seconds of a pcap file go on until 2106") {
  constexpr uint64_t kLast = uint64_t{UINT32_MAX} * 1'000'000'000;
  CHECK(lines_in(pcap_file({{kLast, "x"}})).front() == "1 4294967295000000000 x/1");
}

TEST_CASE("a file without packets is one") { CHECK(lines_in(pcap_file({})).empty()); }

TEST_CASE("a file that is cut is read up to there and says so") {
  const auto make = GENERATE(
      +[] { return pcap_file(kPackets); }, +[] { return pcapng_file(kPackets); });
  const std::string whole = make();
  const TempFolder folder;
  for (size_t cut = 1; cut < 6; ++cut) {
    folder.write("x.pcap", whole.substr(0, whole.size() - cut));
    CaptureFile file(folder / "x.pcap");
    CHECK(lines_of(file).size() == 1);
    CHECK_THAT(file.flaw(), ContainsSubstring("x.pcap' ends early, after packet 1: "));
  }
}

TEST_CASE("a record of impossible length ends the file, and it says so") {
  const TempFolder folder;
  folder.write("x.pcap", pcap_file(kPackets) + std::string(16, '\xff'));
  CaptureFile file(folder / "x.pcap");
  CHECK(lines_of(file).size() == 2);
  CHECK_THAT(file.flaw(), ContainsSubstring("no further than packet 2: "));
}

TEST_CASE("what is no capture file is named, and so is what to do") {
  CHECK_THAT(message_of("hello, world"), ContainsSubstring("x.pcap' is no capture file: "));
  CHECK_THAT(message_of(""), ContainsSubstring("x.pcap' is no capture file: it is empty"));
  CHECK_THROWS_WITH(CaptureFile("/"), "cannot read capture '/': Is a directory");
  CHECK_THAT(message_of(pcap_file({}).substr(0, 20)), ContainsSubstring("is no capture file: "));
  CHECK_THAT(message_of("\x1f\x8b\x08\x04 compressed"),
             ContainsSubstring("| it is compressed: bsdcat"));
  CHECK_THROWS_WITH(CaptureFile("/nowhere/x.pcap"),
                    "cannot open capture '/nowhere/x.pcap': No such file or directory");
}

TEST_CASE("a filter leaves packets out, and the others keep their numbers") {
  const TempFolder folder;
  const std::string to_port_80 = ethernet(kIpv4, ipv4({}, tcp({.destination_port = 80})));
  const std::string to_port_81 = ethernet(kIpv4, ipv4({}, tcp({.destination_port = 81})));
  folder.write("x.pcap", pcap_file({{0, to_port_80}, {0, to_port_81}, {0, to_port_80}}));
  CaptureFile file(folder / "x.pcap", "tcp port 80");
  REQUIRE(file.next() != nullptr);
  const RawPacket* packet = file.next();
  REQUIRE(packet != nullptr);
  CHECK(packet->number == 3);
  CHECK(file.next() == nullptr);
  CHECK(file.ended());
}

TEST_CASE("a bad filter is an error before the first packet") {
  CHECK_THAT(message_of(pcap_file(kPackets), "tcp prot 80"),
             ContainsSubstring("bad capture filter"));
}

TEST_CASE("the progress goes from nothing to the file's size") {
  const TempFolder folder;
  const std::string content = pcap_file(kPackets);
  folder.write("x.pcap", content);
  CaptureFile file(folder / "x.pcap");
  CHECK(file.progress().size == content.size());
  CHECK(file.progress().read < content.size());
  lines_of(file);
  CHECK(file.progress().read == content.size());
}

TEST_CASE("a stopped file ends, and nothing is wrong with it") {
  const TempFolder folder;
  folder.write("x.pcap", pcap_file(kPackets));
  CaptureFile file(folder / "x.pcap");
  REQUIRE(file.next() != nullptr);
  file.stop();
  CHECK(file.next() == nullptr);
  CHECK(file.ended());
  CHECK(file.flaw().empty());
}

TEST_CASE("the link type is the file's") {
  const TempFolder folder;
  folder.write("x.pcap", pcap_file(kPackets, {.link_type = 276}));
  CHECK(CaptureFile(folder / "x.pcap").link_types() == std::vector<uint32_t>{276});
}
