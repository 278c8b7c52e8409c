// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/merged_packets.h"

#include "common/error.h"
#include "tests/unit/capture/packet_lines.h"
#include "tests/unit/catch2.h"
#include "tests/unit/recording/recording_folder.h"
#include "tests/unit/trace/socket_trace.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Lines = std::vector<std::string>;

Lines merged(const std::string& folder) {
  MergedPackets packets{Recording(folder)};
  return lines_of(packets);
}

}  // namespace

TEST_CASE("packets of all parts come in the order of time, counted from 1") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  write_packets(folder / "r/wire.pcap", {{1, "a"}, {4, "d"}});
  write_packets(folder / "r/2/wire.pcap", {{2, "b"}, {3, "c"}, {5, "e"}});
  CHECK(merged(folder / "r") == Lines{"1 1 a/1", "2 2 b/1", "3 3 c/1", "4 4 d/1", "5 5 e/1"});
}

TEST_CASE("a packet that several parts captured comes once, also where a file is out of order") {
  const TempFolder folder;
  for (const char* part : {"r", "r/2", "r/3"}) {
    write_part(folder / part);
    write_packets(folder / part + "/wire.pcap", {{1, "a"}, {3, "c"}, {2, "b"}, {4, "d"}});
  }
  CHECK(merged(folder / "r") == Lines{"1 1 a/1", "2 3 c/1", "3 2 b/1", "4 4 d/1"});
}

TEST_CASE("a packet is known again although each capture has stamped it for itself") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  write_packets(folder / "r/wire.pcap", {{1000, "a"}, {2100, "b"}, {3000, "a"}});
  write_packets(folder / "r/2/wire.pcap", {{1100, "a"}, {2000, "b"}, {3100, "a"}});
  CHECK(merged(folder / "r") == Lines{"1 1000 a/1", "2 2000 b/1", "3 3000 a/1"});
}

TEST_CASE("a packet is known again at the other end of its way, where it comes later") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  write_packets(folder / "r/wire.pcap", {{1, "a"}, {5'000'000, "lost"}, {940'000'001, "b"}});
  write_packets(folder / "r/2/wire.pcap", {{900'000'000, "a"}, {940'000'000, "b"}});
  CHECK(merged(folder / "r") == Lines{"1 1 a/1", "2 5000000 lost/4", "3 940000000 b/1"});
}

TEST_CASE("a packet is known again behind a link header of another kind") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  const std::string packet = ipv4({}, tcp({}, "text"));
  const std::string on_any = cooked({}, packet);
  const std::string on_lo = ethernet(kIpv4, packet);
  write_packets(folder / "r/wire.pcap", {{1, on_any}}, kLinkCooked);
  write_packets(folder / "r/2/wire.pcap", {{1, on_lo}}, kLinkEthernet);
  CHECK(merged(folder / "r").size() == 1);
}

TEST_CASE("packets that differ in a byte, or are alike long after each other, are different ones") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  write_packets(folder / "r/wire.pcap", {{1, "a"}, {2, "c"}});
  write_packets(folder / "r/2/wire.pcap", {{1, "b"}, {2'000'000'000, "a"}});
  CHECK(merged(folder / "r").size() == 4);
}

TEST_CASE("what one part captured twice stays twice") {
  const TempFolder folder;
  for (const char* part : {"r", "r/2"}) {
    write_part(folder / part);
    write_packets(folder / part + "/wire.pcap", {{1, "a"}, {1, "a"}});
  }
  CHECK(merged(folder / "r") == Lines{"1 1 a/1", "2 1 a/1"});
}

TEST_CASE("a part without a capture brings none, and where none has one that is an error") {
  const TempFolder folder;
  RecordingMeta calls_only = ended_meta();
  calls_only.capture.reset();
  calls_only.missing = {"packets: nobody wanted them"};
  write_part(folder / "r", calls_only);
  std::filesystem::remove(folder / "r/wire.pcap");
  CHECK_THROWS_WITH(merged(folder / "r"), ContainsSubstring("nobody wanted them"));
  write_part(folder / "r/2");
  write_packets(folder / "r/2/wire.pcap", {{1, "a"}});
  CHECK(merged(folder / "r") == Lines{"1 1 a/1"});
}

TEST_CASE("files that were cut off are read as far as they go, and it is said") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  write_part(folder / "r/3");
  write_packets(folder / "r/wire.pcap", {{1, "a"}, {4, "dddd"}});
  std::filesystem::resize_file(folder / "r/wire.pcap", 24 + 17 + 16 + 2);
  write_packets(folder / "r/2/wire.pcap", {{2, "b"}, {5, "e"}});
  std::filesystem::resize_file(folder / "r/3/wire.pcap", 10);
  MergedPackets packets{Recording(folder / "r")};
  CHECK(lines_of(packets) == Lines{"1 1 a/1", "2 2 b/1", "3 5 e/1"});
  CHECK_THAT(packets.flaw(), ContainsSubstring("r/wire.pcap' ends early, after packet 1"));
  CHECK_THAT(packets.flaw(), ContainsSubstring("r/3/wire.pcap' was cut off at its beginning"));
}

TEST_CASE("parts may have captured on interfaces of several kinds") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  write_packets(folder / "r/wire.pcap", {{1, "a"}}, kLinkCooked);
  write_packets(folder / "r/2/wire.pcap", {{2, "b"}}, kLinkEthernet);
  MergedPackets packets{Recording(folder / "r")};
  CHECK(packets.link_types() == std::vector<uint32_t>{kLinkEthernet, kLinkCooked});
  CHECK(packets.next()->link_type == kLinkCooked);
  CHECK(packets.next()->link_type == kLinkEthernet);
}

TEST_CASE("packets of other programs, which a recorder that died has left there, are left out") {
  const TempFolder folder;
  RecordingMeta broken_off = ended_meta();
  broken_off.ended.reset();
  broken_off.capture->sieved = false;
  write_part(folder / "r", broken_off);
  SocketIdentity who = named(identity(3, 7), 5000, 0);
  who.domain = AF_INET;
  who.type = SOCK_DGRAM;
  who.peer_size = 0;
  EventBuilder bind("bind");
  bind.arguments({3, kPointer, 16}).part(0, BlobPart::Identity, who);
  write_calls(folder / "r/calls.wst", {bind.event()});
  const auto datagram = [](uint16_t port) {
    return ipv4({.source = 0x7f000001, .destination = 0x7f000001, .protocol = kUdp},
                udp({.source_port = 9, .destination_port = port}, "?"));
  };
  const std::string ours = datagram(5000);
  const std::string theirs = datagram(5001);
  const uint64_t later = 20'000'000'000;
  write_packets(folder / "r/wire.pcap", {{later, theirs}, {later + 1, ours}, {later + 2, theirs}},
                kLinkRaw);
  const Recording recording(folder / "r");
  MergedPackets packets{recording};
  CHECK(packets.next()->time_ns == later + 1);
  CHECK(packets.next() == nullptr);
  CHECK_THAT(recording.missing().back(), ContainsSubstring("may have packets of other programs"));
}

TEST_CASE("a merge that is stopped ends") {
  const TempFolder folder;
  write_part(folder / "r");
  write_packets(folder / "r/wire.pcap", {{1, "a"}, {2, "b"}, {3, "c"}});
  MergedPackets packets{Recording(folder / "r")};
  packets.next();
  packets.stop();
  CHECK(lines_of(packets).empty());
}
