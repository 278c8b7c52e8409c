// SPDX-License-Identifier: Apache-2.0
// Writes packets to a pcap or pcapng file with nanoseconds, one write(2) each: a crash costs the
// packet at hand at most.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/fd.h"
#include "common/raw_packet.h"
#include "inspector/capture/packet_encoder.h"

namespace wireseam {

class PacketWriter {
 public:
  // `path` may be "-": standard output. `link_types` are LINKTYPE_..., of all that are known to
  // come: see PacketEncoder::make. Throws Error where the file cannot be created or written to.
  PacketWriter(const std::string& path, const std::vector<uint32_t>& link_types);

  // To a file that is open; `name` is for messages.
  PacketWriter(Fd file, const std::string& name, const std::vector<uint32_t>& link_types);

  // Empties it. Of a pcap file.
  void begin_again();

  // After a failure it does nothing any more.
  void write(const RawPacket& packet);

  // The failure and what to do about it, for the user; empty while all is well.
  const std::string& failure() const { return failure_; }
  uint64_t packets() const { return packets_; }  // that are in the file

 private:
  void fail(const std::string& why, const std::string& cure);

  std::string path_;
  std::unique_ptr<PacketEncoder> encoder_;
  Fd file_;
  uint64_t begin_size_ = 0;
  uint64_t size_ = 0;  // with whole packets only
  uint64_t packets_ = 0;
  std::string failure_;
};

}  // namespace wireseam
