// SPDX-License-Identifier: Apache-2.0
// The pcap file format: https://www.tcpdump.org/manpages/pcap-savefile.5.html. All numbers are in
// the byte order of the machine that wrote the file.
#pragma once

#include <cstdint>

namespace wireseam {

inline constexpr uint32_t kMicrosecondsMagic = 0xa1b2c3d4;
inline constexpr uint32_t kNanosecondsMagic = 0xa1b23c4d;
inline constexpr uint16_t kPcapVersionMajor = 2;
inline constexpr uint16_t kPcapVersionMinor = 4;
inline constexpr uint32_t kMostCaptured = 262144;  // bytes of a packet, for nearly all link types

struct PcapFileHeader {
  uint32_t magic = kNanosecondsMagic;
  uint16_t version_major = kPcapVersionMajor;
  uint16_t version_minor = kPcapVersionMinor;
  uint32_t zone = 0;
  uint32_t accuracy = 0;
  uint32_t snapshot_length = kMostCaptured;
  uint32_t link_type = 0;
};
static_assert(sizeof(PcapFileHeader) == 24);

// In front of each packet's bytes.
struct PcapRecordHeader {
  uint32_t seconds = 0;
  uint32_t fraction = 0;  // nanoseconds or microseconds, as the magic number says
  uint32_t captured = 0;
  uint32_t wire_length = 0;
};
static_assert(sizeof(PcapRecordHeader) == 16);

}  // namespace wireseam
