// SPDX-License-Identifier: Apache-2.0
// Reads pcap files. libpcap does, but for the plain records that nearly all of them are made of:
// those are taken where they lie, since copying them would cost half of the time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inspector/capture/file_bytes.h"
#include "inspector/capture/packet_reader.h"
#include "inspector/capture/pcap_handle.h"

namespace wireseam {

class PcapReader : public PacketReader {
 public:
  // `bytes` must remain live while this is in use.
  explicit PcapReader(FileBytes& bytes);

  bool is_capture() const override { return handle_ != nullptr; }
  const RawPacket* next(FileGrowth growth) override;
  ReadEnd end() const override { return end_; }
  std::vector<uint32_t> link_types() const override { return {packet_.link_type}; }
  CaptureDrops drops() const override { return {}; }

 private:
  bool take_plain_record();

  FileBytes& bytes_;
  PcapHandle handle_;
  uint64_t fraction_ns_ = 0;    // of a plain record's time; 0: libpcap reads
  uint32_t most_captured_ = 0;  // in a plain record
  RawPacket packet_;
  ReadEnd end_;
};

}  // namespace wireseam
