// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/packet_writer.h"

#include <sys/resource.h>

#include <csignal>

#include "common/error.h"
#include "inspector/capture/capture_file.h"
#include "tests/unit/capture/packet_lines.h"
#include "tests/unit/catch2.h"
#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/temp_folder.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// While it lives, a write past so many bytes fails as on a full disk, but for the number.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

RawPacket packet_of(std::string_view bytes, uint32_t wire_length, uint32_t link_type = 1) {
  RawPacket packet = raw_packet(bytes, link_type);
  packet.time_ns = 1'700'000'000'123'456'789;
  packet.wire_length = wire_length;
  return packet;
}

}  // namespace

TEST_CASE("what is written is read again, to the nanosecond") {
  const TempFolder folder;
  PacketWriter writer(folder / "x.pcap", {276});
  writer.write(packet_of("one", 3, 276));
  writer.write(packet_of("second", 1500, 276));
  CHECK(writer.failure().empty());
  CaptureFile file(folder / "x.pcap");  // while the writer is there: nothing is held back
  CHECK(file.link_types() == std::vector<uint32_t>{276});
  CHECK(lines_of(file) == std::vector<std::string>{"1 1700000000123456789 one/3",
                                                   "2 1700000000123456789 second/1500"});
  CHECK(file.flaw().empty());
}

TEST_CASE("packets of several link types are written as pcapng, known beforehand or not") {
  using LinkTypes = std::vector<uint32_t>;
  const auto known = GENERATE(LinkTypes{1, 276}, LinkTypes{});
  const TempFolder folder;
  PacketWriter writer(folder / "x.pcap", known);
  writer.write(packet_of("one", 3, 276));
  writer.write(packet_of("", 0, 1));
  writer.write(packet_of("four", 1500, 276));
  CHECK(writer.failure().empty());
  CaptureFile file(folder / "x.pcap");
  std::vector<std::string> lines;
  LinkTypes read;
  while (const RawPacket* packet = file.next()) {
    lines.push_back(line_of(*packet));
    read.push_back(packet->link_type);
  }
  CHECK(lines == std::vector<std::string>{"1 1700000000123456789 one/3", "2 1700000000123456789 /0",
                                          "3 1700000000123456789 four/1500"});
  CHECK(read == LinkTypes{276, 1, 276});
  CHECK(file.link_types() == LinkTypes{1, 276});
  CHECK(file.flaw().empty());
}

TEST_CASE("one link type is written as pcap, unless the name wants pcapng") {
  const TempFolder folder;
  PacketWriter(folder / "x", {1});
  PacketWriter(folder / "x.pcapng", {1});
  CHECK(folder.read("x").starts_with("\x4d\x3c\xb2\xa1"));
  CHECK(folder.read("x.pcapng").starts_with("\x0a\x0d\x0d\x0a"));
}

TEST_CASE("a packet of another link type ends a pcap file, and what to do is said") {
  const TempFolder folder;
  PacketWriter writer(folder / "x.pcap", {1});
  writer.write(packet_of("one", 3));
  writer.write(packet_of("two", 3, 276));
  CHECK_THAT(writer.failure(),
             ContainsSubstring(
                 "x.pcap': a pcap file has packets of one link type only; it has the first 1 "
                 "(for several, give it a name that ends with .pcapng)"));
  CHECK(folder.read("x.pcap").size() == 24 + 16 + 3);
}

TEST_CASE("after a failure the file has whole packets, and the failure is known") {
  const TempFolder folder;
  PacketWriter writer(folder / "x.pcap", {1});
  {
    const FileSizeLimit limit(24 + 16 + 3 + 10);
    for (int i = 0; i < 3; ++i) writer.write(packet_of("one", 3));
  }
  CHECK_THAT(writer.failure(),
             ContainsSubstring("x.pcap': File too large; it has the first 1 (raise"));
  CHECK(writer.packets() == 1);
  CHECK(folder.read("x.pcap").size() == 24 + 16 + 3);
}

TEST_CASE("a full disk is a failure that says what to do") {
  CHECK_THROWS_WITH(PacketWriter("/dev/full", {1}),
                    "cannot write packets to '/dev/full': No space left on device");
  CHECK_THROWS_WITH(PacketWriter("/nowhere/x", {1}),
                    "cannot write packets to '/nowhere/x': No such file or directory");
}
