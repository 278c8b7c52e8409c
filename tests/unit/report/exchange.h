// SPDX-License-Identifier: Apache-2.0
// A small capture, written packet by packet, on its way through the inspector to a report.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "inspector/engine/inspection.h"
#include "tests/unit/packets/packet_builder.h"

namespace wireseam::test {

// The client is 10.0.0.1:40000, the server 10.0.0.2:80; each packet is captured a millisecond
// behind the one before.
class Exchange {
 public:
  explicit Exchange(ReportSink& sink, std::string_view framing = "json-header");

  // Called with each packet before it is inspected.
  std::function<void(const RawPacket&)> before = [](const RawPacket&) {};

  void from_client(uint16_t flags, std::string_view payload = "");
  void from_server(uint16_t flags, std::string_view payload = "");
  void datagram(std::string_view payload);
  void raw(std::string bytes);                      // an Ethernet frame
  void shake_hands(std::string_view options = "");  // those of both SYNs
  // The capture has no more of each packet.
  void keep_at_most(size_t bytes) { kept_ = bytes; }
  void client_sends_again(std::string_view payload);  // what it sent last
  void finish(const std::string& flaw = "") { inspection_.finish(flaw); }

 private:
  struct End {
    uint32_t next;
    uint16_t id;
  };
  void segment(End& from, const End& to, bool to_server, uint16_t flags, std::string_view payload);

  Inspection inspection_;
  uint64_t packets_ = 0;
  size_t kept_ = SIZE_MAX;
  std::string options_;  // of the next segment
  End client_{1000, 1};
  End server_{5000, 1};
};

// A frame of the framing json-header.
std::string json_frame(std::string_view header, std::string_view body);

}  // namespace wireseam::test
