// SPDX-License-Identifier: Apache-2.0
// The pcapng file format, as far as it is read and written here: draft-ietf-opsawg-pcapng. A file
// is a sequence of blocks, each with its length at both ends; a section header begins a section,
// with interfaces and a byte order of its own.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wireseam {

enum class PcapngBlockType : uint32_t {
  InterfaceDescription = 1,
  Packet = 2,  // of old files
  SimplePacket = 3,
  InterfaceStatistics = 5,
  EnhancedPacket = 6,
  // The following hold no packets, but Wireshark numbers them as if they did.
  SystemdJournal = 9,
  SysdigEvent = 0x204,
  SysdigEventV2 = 0x216,
  SysdigEventV2Large = 0x221,
  Custom = 0xbad,
  CustomNotToCopy = 0x40000bad,

  SectionHeader = 0x0a0d0d0a,
};

inline constexpr uint32_t kPcapngByteOrderMagic = 0x1a2b3c4d;
inline constexpr uint16_t kPcapngVersionMajor = 1;

// Of each block: its type and length in front, its length again behind.
inline constexpr size_t kPcapngBlockHead = 8;
inline constexpr size_t kPcapngBlockTail = 4;
inline constexpr size_t kPcapngSmallestBlock = kPcapngBlockHead + kPcapngBlockTail;
inline constexpr size_t kPcapngAlignment = 4;

// How many bytes of a body stand in front of its packet or its options.
inline constexpr size_t kPcapngSectionFields = 16;
inline constexpr size_t kPcapngInterfaceFields = 8;
inline constexpr size_t kPcapngPacketFields = 20;
inline constexpr size_t kPcapngSimplePacketFields = 4;
inline constexpr size_t kPcapngStatisticsFields = 12;

// Codes of options. Each has its code and length in front.
inline constexpr size_t kPcapngOptionHead = 4;
inline constexpr uint16_t kPcapngOptEnd = 0;
inline constexpr uint16_t kPcapngIfName = 2;
inline constexpr uint16_t kPcapngIfTsresol = 9;
inline constexpr uint16_t kPcapngIfTsoffset = 14;
inline constexpr uint16_t kPcapngIsbIfdrop = 5;
inline constexpr uint16_t kPcapngIsbOsdrop = 7;

}  // namespace wireseam
