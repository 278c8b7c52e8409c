// SPDX-License-Identifier: Apache-2.0
// Reads pcap and pcapng files. libpcap does, but for the plain records that nearly all pcap files
// are made of: those are taken where they lie, since copying them would cost half of the time.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "common/fd.h"
#include "inspector/capture/file_bytes.h"
#include "inspector/capture/filter.h"
#include "inspector/capture/packet_source.h"
#include "inspector/capture/pcap_handle.h"

namespace wireseam {

// Whether somebody may still write to the file.
enum class FileGrowth : uint8_t { Complete, Growing };

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
  CaptureDrops drops() const override { return {}; }
  uint32_t link_type() const override { return packet_.link_type; }

  // While it grows its end is not the capture's: next() returns nullptr there, until there is more.
  // Of a file that libpcap must read (pcapng) nothing comes before it is complete.
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
  bool read();
  bool take_plain_record();
  void end(const char* why);

  std::string name_;
  FileBytes bytes_;
  PcapHandle handle_;
  uint64_t fraction_ns_ = 0;    // of a plain record's time; 0: libpcap reads
  uint32_t most_captured_ = 0;  // in a plain record
  std::optional<CaptureFilter> filter_;
  RawPacket packet_;
  uint64_t size_ = 0;
  FileGrowth growth_ = FileGrowth::Complete;
  bool ended_ = false;
  std::string flaw_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace wireseam
