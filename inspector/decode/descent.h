// SPDX-License-Identifier: Apache-2.0
// A packet on its way down through its layers: what is left of it, and how it ends when a layer
// cannot be read. Each layer's decoder takes its header off the rest and says what follows.
#pragma once

#include <algorithm>
#include <cstdint>

#include "inspector/decode/fields.h"
#include "inspector/decode/packet.h"

namespace wireseam {

// What stands at the beginning of the rest.
enum class Next : uint8_t { Nothing, Ipv4, Ipv6, Fragment, Tcp, Udp };

// Where a fragment belongs; its bytes are the rest.
struct FragmentHeader {
  uint32_t id = 0;
  uint32_t offset = 0;   // in the datagram, in bytes
  bool more = false;     // it is not the last
  uint8_t protocol = 0;  // of the datagram
};

struct Descent {
  Packet& packet;
  Fields rest;                       // as far as it was captured
  uint32_t length = 0;               // of the rest on the wire: rest.size() at least
  const std::byte* begin = nullptr;  // of the packet, or of the datagram put together
  FragmentHeader fragment{};         // where Next::Fragment was answered

  uint32_t offset() const { return static_cast<uint32_t>(rest.bytes().data() - begin); }
  bool has(size_t size) const { return rest.size() >= size; }

  // Takes a header off; it must be there.
  void skip(uint32_t size) {
    rest = rest.from(size);
    length -= size;
  }

  // An IP header says that the rest has `size` bytes. What is behind them is padding and not the
  // packet's. What lacks was cut off by something that then told a length of its own, as a switch
  // does that mirrors the beginning of each packet.
  void limit(uint32_t size) {
    if (size > length)
      packet.beyond_wire += size - length;
    else
      packet.beyond_wire -= std::min(packet.beyond_wire, length - size);
    length = size;
    rest = rest.first(size);
  }

  // The layer ends here, and with it the packet. `reason` is a literal; `at` counts from the rest's
  // beginning.
  Next malformed(const char* reason, uint32_t at = 0);
  Next other(const char* reason, uint32_t number = 0);

  // The rest lacks `size` bytes: cut by the capture where the packet had them, else malformed.
  Next lacks(size_t size, const char* reason);

 private:
  Next end(DecodeVerdict verdict, const char* reason, uint32_t at);
};

}  // namespace wireseam
