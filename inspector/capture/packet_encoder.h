// SPDX-License-Identifier: Apache-2.0
// What stands around packets in a capture file: one encoder a format.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/raw_packet.h"

namespace wireseam {

class PacketEncoder {
 public:
  // pcap, which has one link type, known at its beginning. pcapng where there are several or it is
  // not known, and where the file's name ends with .pcapng.
  static std::unique_ptr<PacketEncoder> make(const std::string& path,
                                             const std::vector<uint32_t>& link_types);

  virtual ~PacketEncoder() = default;

  // The beginning of the file.
  virtual std::string begin() = 0;

  struct Frame {
    std::string_view front;
    std::string_view behind;
  };
  // What stands in front of the packet's bytes and behind them, live until the next call. No value:
  // the file cannot hold packets of that link type.
  virtual std::optional<Frame> frame(const RawPacket& packet) = 0;
};

}  // namespace wireseam
