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
using Catch::Matchers::Contains;

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

RawPacket packet_of(std::string_view bytes, uint32_t wire_length) {
  RawPacket packet = raw_packet(bytes);
  packet.time_ns = 1'700'000'000'123'456'789;
  packet.wire_length = wire_length;
  return packet;
}

}  // namespace

TEST_CASE("what is written is read again, to the nanosecond") {
  const TempFolder folder;
  PacketWriter writer(folder / "x.pcap", 276);
  writer.write(packet_of("one", 3));
  writer.write(packet_of("second", 1500));
  CHECK(writer.failure().empty());
  CaptureFile file(folder / "x.pcap");  // while the writer is there: nothing is held back
  CHECK(file.link_type() == 276);
  CHECK(lines_of(file) == std::vector<std::string>{"1 1700000000123456789 one/3",
                                                   "2 1700000000123456789 second/1500"});
  CHECK(file.flaw().empty());
}

TEST_CASE("after a failure the file has whole packets, and the failure is known") {
  const TempFolder folder;
  PacketWriter writer(folder / "x.pcap", 1);
  {
    const FileSizeLimit limit(24 + 16 + 3 + 10);
    for (int i = 0; i < 3; ++i) writer.write(packet_of("one", 3));
  }
  CHECK_THAT(writer.failure(), Contains("x.pcap': File too large; it has the first 1 (raise"));
  CHECK(writer.packets() == 1);
  CHECK(folder.read("x.pcap").size() == 24 + 16 + 3);
}

TEST_CASE("a full disk is a failure that says what to do") {
  CHECK_THROWS_WITH(PacketWriter("/dev/full", 1),
                    "cannot write packets to '/dev/full': No space left on device");
  CHECK_THROWS_WITH(PacketWriter("/nowhere/x", 1),
                    "cannot write packets to '/nowhere/x': No such file or directory");
}
