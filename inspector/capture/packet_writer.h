// SPDX-License-Identifier: Apache-2.0
// Writes packets to a pcap file with nanoseconds, one write(2) each: a crash costs the packet at
// hand at most. The format: draft-ietf-opsawg-pcap.
#pragma once

#include <cstdint>
#include <string>

#include "common/fd.h"
#include "common/raw_packet.h"

namespace wireseam {

class PacketWriter {
 public:
  // `path` may be "-": standard output. `link_type` is LINKTYPE_..., of all packets. Throws Error
  // where the file cannot be created or written to.
  PacketWriter(const std::string& path, uint32_t link_type);

  // After a failure it does nothing any more.
  void write(const RawPacket& packet);

  // The failure and what to do about it, for the user; empty while all is well.
  const std::string& failure() const { return failure_; }
  uint64_t packets() const { return packets_; }  // that are in the file

 private:
  void fail(int errnum);

  std::string path_;
  Fd file_;
  uint64_t size_ = 0;  // with whole packets only
  uint64_t packets_ = 0;
  std::string failure_;
};

}  // namespace wireseam
