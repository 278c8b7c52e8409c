// SPDX-License-Identifier: Apache-2.0
// Reads the packets of a pcapng file: of all its sections and interfaces, whatever their byte
// orders, clocks and link types are. What it doesn't know it passes over.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "inspector/capture/file_bytes.h"
#include "inspector/capture/packet_reader.h"
#include "inspector/capture/pcapng_blocks.h"
#include "inspector/capture/pcapng_interface.h"

namespace wireseam {

class PcapngReader : public PacketReader {
 public:
  // A first block's type.
  static bool is_format_of(std::span<const std::byte> first);

  // `bytes` must remain live while this is in use. Reads on to the first interface, and to those
  // that come along with it: they are what a writer begins with.
  explicit PcapngReader(FileBytes& bytes);

  bool is_capture() const override { return has_section_; }
  const RawPacket* next(FileGrowth growth) override;
  ReadEnd end() const override;
  std::vector<uint32_t> link_types() const override;
  // Those of the statistics that were read so far.
  CaptureDrops drops() const override;

 private:
  struct PacketFields {
    uint32_t interface;
    uint64_t ticks;
    uint32_t captured;
    uint32_t wire_length;
  };

  void begin_section(const PcapngBlock& block);
  bool take(const PcapngBlock& block);
  void describe_interface(const PcapngFields& body);
  void take_statistics(const PcapngFields& body);
  bool take_timed(const PcapngFields& body, uint32_t interface);
  bool take_simple(const PcapngFields& body);
  bool take_packet(const PacketFields& fields, const PcapngFields& rest);
  bool has_fields(const PcapngFields& body, size_t size);

  PcapngBlocks blocks_;
  bool has_section_ = false;
  bool passes_over_ = false;                 // a section of another version
  std::vector<PcapngInterface> interfaces_;  // of the section
  std::set<uint32_t> link_types_;
  CaptureDrops drops_;  // of the sections before
  RawPacket packet_;
  bool packet_waits_ = false;  // was read at the beginning
  std::string left_out_;
};

}  // namespace wireseam
