// SPDX-License-Identifier: Apache-2.0
// The packets of one part of a recording, while they are being recorded: the file has those of all
// programs until the recorder has ended, and which are the recorded program's is decided here, by
// the same rule.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/fd.h"
#include "inspector/capture/capture_file.h"
#include "inspector/recording/packet_owner.h"
#include "inspector/recording/recording.h"

namespace wireseam {

class FollowedPart {
 public:
  // Throws Error: the file is no capture, bad filter.
  FollowedPart(const RecordingPart& part, const std::string& filter);

  // Of an open capture that holds the packets of all programs; `name` is for messages.
  FollowedPart(Fd packets, const std::string& name);

  // Is to hear of the part's events somewhat before packets of their times are asked for.
  EventSink& sockets() { return sockets_; }

  // What was recorded since is there, too, but nothing behind the horizon.
  void read_on(uint64_t horizon_ns);

  // Its recorder has ended: a packet that is cut off stays so.
  void end();

  // The next one, live until it is taken; nullptr where there is none so far.
  const RawPacket* peek();
  void take() { ready_.pop_front(); }

  // Null: it has no packets.
  const CaptureFile* file() const { return file_ ? &*file_ : nullptr; }

 private:
  struct KeptPacket {
    explicit KeptPacket(const RawPacket& packet)
        : raw(packet), bytes(packet.bytes.begin(), packet.bytes.end()) {
      raw.bytes = bytes;
    }
    // What `raw` points at moves along, for vectors keep their memory.
    KeptPacket(KeptPacket&&) = default;
    KeptPacket& operator=(KeptPacket&&) = default;
    KeptPacket(const KeptPacket&) = delete;
    KeptPacket& operator=(const KeptPacket&) = delete;

    RawPacket raw;
    std::vector<std::byte> bytes;
  };

  void sort_in(const RawPacket& raw);
  void retry_attempts();

  TracedSockets sockets_;
  PacketOwners owners_;
  std::optional<CaptureFile> file_;
  bool is_sieved_ = false;           // the file has no packets of others
  const RawPacket* next_ = nullptr;  // of the file, behind the horizon
  uint64_t horizon_ns_ = 0;
  bool dry_ = true;  // nothing more comes before read_on()
  std::deque<KeptPacket> ready_;
  std::deque<KeptPacket> attempts_;           // the newest that were nobody's
  std::map<uint64_t, KeptPacket> fragments_;  // the newest, by number
};

}  // namespace wireseam
