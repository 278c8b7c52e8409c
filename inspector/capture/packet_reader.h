// SPDX-License-Identifier: Apache-2.0
// What a format makes of a capture file's bytes: one reader a format.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/raw_packet.h"
#include "inspector/capture/packet_source.h"

namespace wireseam {

// How far a file was read.
struct ReadEnd {
  enum class Kind : uint8_t {
    Whole,    // so far
    Cut,      // it breaks off
    Stuck,    // what comes is nonsense, or cannot be read
    LeftOut,  // to its end, but for a part that nobody here can read
  };

  Kind kind = Kind::Whole;
  std::string why{};  // for the user
};

// Whether somebody may still write to the file.
enum class FileGrowth : uint8_t { Complete, Growing };

class PacketReader {
 public:
  virtual ~PacketReader() = default;

  // Whether the file begins as one of this format; if not, end() tells why.
  virtual bool is_capture() const = 0;
  // The next packet, live until the next call. nullptr at the end, and at that of a growing file as
  // it is by now.
  virtual const RawPacket* next(FileGrowth growth) = 0;
  virtual ReadEnd end() const = 0;

  // Of all that the file has told so far.
  virtual std::vector<uint32_t> link_types() const = 0;
  virtual CaptureDrops drops() const = 0;
};

}  // namespace wireseam
