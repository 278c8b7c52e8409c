// SPDX-License-Identifier: Apache-2.0
// A capture file or a pipe, of whatever format.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/fd.h"
#include "inspector/capture/file_bytes.h"
#include "inspector/capture/link_filters.h"
#include "inspector/capture/packet_reader.h"
#include "inspector/capture/packet_source.h"

namespace wireseam {

class CaptureFile : public PacketSource {
 public:
  // `path` may be "-": standard input. Throws Error: cannot be opened, is no capture file, bad
  // filter (pcap-filter(7), empty for everything).
  explicit CaptureFile(const std::string& path, const std::string& filter = "");

  // Reads an open file from where it is; `name` is for messages.
  CaptureFile(Fd file, const std::string& name);

  const RawPacket* next() override;
  bool ended() const override { return ended_; }
  void stop() override { stopping_ = true; }
  const std::string& flaw() const override { return flaw_; }
  CaptureDrops drops() const override { return reader_->drops(); }
  std::vector<uint32_t> link_types() const override { return reader_->link_types(); }

  // While it grows its end is not the capture's: next() returns nullptr there, until there is more.
  // Of pcapng, and of what libpcap must read, nothing comes before it is complete.
  void follow(FileGrowth growth) { growth_ = growth; }

  // Whether `path` is the file that is read here: who writes to it would empty it.
  bool is(const std::string& path) const;

  // For a progress bar. size is 0 where nobody knows it (a pipe).
  struct Progress {
    uint64_t read = 0;
    uint64_t size = 0;
  };
  Progress progress() const;

 private:
  void begin(const std::string& path);
  void end();

  std::string name_;
  FileBytes bytes_;
  std::unique_ptr<PacketReader> reader_;
  std::optional<LinkFilters> filters_;
  uint64_t number_ = 0;  // of the last packet
  bool any_passed_ = false;
  uint64_t size_ = 0;
  FileGrowth growth_ = FileGrowth::Complete;
  bool ended_ = false;
  std::string flaw_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace wireseam
