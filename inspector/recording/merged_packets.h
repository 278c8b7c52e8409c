// SPDX-License-Identifier: Apache-2.0
// The packets of all parts of a recording in the order of their times. A packet that several parts
// have captured comes once. Those of other programs, which a recorder that died left in its file,
// do not come.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inspector/capture/capture_file.h"
#include "inspector/capture/packet_source.h"
#include "inspector/decode/packet_copies.h"
#include "inspector/recording/packet_choice.h"
#include "inspector/recording/recording.h"

namespace wireseam {

class MergedPackets : public PacketSource {
 public:
  // Throws Error: none of the parts has packets, a file is no capture, bad filter.
  explicit MergedPackets(const Recording& recording, const std::string& filter = "");

  // Packets are counted anew, from 1.
  const RawPacket* next() override;
  bool ended() const override { return ended_; }
  void stop() override;
  const std::string& flaw() const override { return flaw_; }
  CaptureDrops drops() const override { return drops_; }
  std::vector<uint32_t> link_types() const override;

  // Whether that path is one of the files that are read.
  bool reads(const std::string& path) const;

 private:
  struct Source {
    Source(const std::string& path, const std::string& filter) : file(path, filter) {}

    CaptureFile file;
    std::optional<PacketChoice> choice;  // none: all packets are the program's
    const RawPacket* packet = nullptr;   // that comes next
  };

  void open(const RecordingPart& part, const std::string& filter);
  Source* first_source();
  void advance(Source& source);
  bool is_new(const RawPacket& packet, size_t source);
  void add_flaw(const std::string& flaw);

  std::vector<std::unique_ptr<Source>> sources_;
  Source* current_ = nullptr;  // whose packet was handed on last
  PacketCopies copies_{PacketCopies::kOneWay};
  RawPacket packet_;
  CaptureDrops drops_;
  std::string flaw_;
  bool ended_ = false;
};

}  // namespace wireseam
