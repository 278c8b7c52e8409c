// SPDX-License-Identifier: Apache-2.0
// A small session and a view on it: keys go in, the screen's text comes out.
#pragma once

#include <string>
#include <string_view>

#include "inspector/session/session.h"
#include "inspector/ui/viewer.h"
#include "tests/unit/report/exchange.h"

namespace wireseam::test {

// A connection with a split frame, a retransmission and hostile bytes in a header; a datagram; ARP.
void converse(Exchange& exchange);

class Playing {
 public:
  explicit Playing(Size size, size_t memory = size_t{1} << 30, Charset charset = Charset::Unicode);

  // Keys parted by spaces, as actions.def has them.
  Request press(std::string_view keys);
  void type(std::string_view text);
  // So long that the next digit begins another number.
  void wait() { now_ms_ += 1000; }
  Canvas canvas();
  std::string screen() { return canvas().text(); }

  Session session;
  Exchange exchange;
  Viewer view;
  Size size;

 private:
  Charset charset_;
  uint64_t now_ms_ = 0;
};

// The text of the file; or what makes it right, where WIRESEAM_WRITE_GOLDEN is set.
std::string golden(const std::string& name, const std::string& text);

}  // namespace wireseam::test
