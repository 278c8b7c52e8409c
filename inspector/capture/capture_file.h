// SPDX-License-Identifier: Apache-2.0
// Reads pcap and pcapng files.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "inspector/capture/filter.h"
#include "inspector/capture/packet_source.h"
#include "inspector/capture/pcap_handle.h"

namespace wireseam {

class CaptureFile : public PacketSource {
 public:
  // `path` may be "-": standard input. Throws Error: cannot be opened, is no capture file, bad
  // filter (pcap-filter(7), empty for everything).
  explicit CaptureFile(const std::string& path, const std::string& filter = "");

  const RawPacket* next() override;
  bool ended() const override { return ended_; }
  void stop() override { stopping_ = true; }
  const std::string& flaw() const override { return flaw_; }
  CaptureDrops drops() const override { return {}; }
  uint32_t link_type() const override { return packet_.link_type; }

  // Whether `path` is the file that is read here: who writes to it would empty it.
  bool is(const std::string& path) const;

  // For a progress bar. size is 0 where nobody knows it (a pipe).
  struct Progress {
    uint64_t read = 0;
    uint64_t size = 0;
  };
  Progress progress() const;

 private:
  bool read();
  void end(const char* why);

  std::string name_;
  PcapHandle handle_;
  std::optional<CaptureFilter> filter_;
  RawPacket packet_;
  uint64_t size_ = 0;
  bool ended_ = false;
  std::string flaw_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace wireseam
