// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/live_capture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>

#include "common/error.h"
#include "common/fd.h"
#include "tests/unit/capture/udp_port.h"
#include "tests/unit/catch2.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

uint64_t count_rest(LiveCapture& capture) {
  uint64_t count = 0;
  while (!capture.ended())
    if (capture.next() != nullptr) ++count;
  return count;
}

std::string message_of(const LiveOptions& options) {
  try {
    const LiveCapture capture(options);
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.cure();
  }
  return "";
}

}  // namespace

TEST_CASE("a burst is there to its last packet, once each, when the stop follows at once") {
  if (!may_capture()) return;
  const UdpPort port;
  const std::string interface = GENERATE("lo", "any");
  LiveCapture capture({.interface = interface, .filter = port.filter()});
  port.send(500);
  capture.stop();
  CHECK(count_rest(capture) == 500);
  CHECK(capture.flaw().empty());
  CHECK(capture.drops().kernel == 0);
}

TEST_CASE("what passes after the stop is not in the capture") {
  if (!may_capture()) return;
  const UdpPort port;
  LiveCapture capture({.interface = "lo", .filter = port.filter()});
  port.send(3);
  capture.stop();
  port.send(4);
  CHECK(count_rest(capture) == 3);
}

TEST_CASE("a consumer that waits sees a packet without a stop") {
  if (!may_capture()) return;
  const UdpPort port;
  LiveCapture capture({.interface = "lo", .filter = port.filter()});
  CHECK(capture.next() == nullptr);
  CHECK_FALSE(capture.ended());
  port.send(1, 1000);
  const RawPacket* packet = nullptr;
  while (packet == nullptr) packet = capture.next();
  CHECK(packet->number == 1);
  CHECK(packet->link_type == 1);
  CHECK(packet->wire_length == 14 + 20 + 8 + 1000);
  CHECK(packet->bytes.size() == packet->wire_length);
}

TEST_CASE("what does not fit anywhere while the consumer lags is counted") {
  if (!may_capture()) return;
  const UdpPort port;
  LiveCapture capture(
      {.interface = "lo", .filter = port.filter(), .ring_bytes = 1 << 20, .chunks = 1});
  capture.next();  // starts the thread
  constexpr uint64_t kSent = 200;
  port.send(kSent, 60000);
  capture.stop();
  const uint64_t captured = count_rest(capture);
  CHECK(captured < kSent);
  CHECK(captured + capture.drops().kernel == kSent);
}

TEST_CASE("a capture that nobody reads to its end can be destroyed") {
  if (!may_capture()) return;
  const UdpPort port;
  LiveCapture capture({.interface = "lo", .filter = port.filter(), .chunks = 1});
  port.send(100, 60000);
  while (capture.next() == nullptr) {
  }
}

TEST_CASE("an interface that is not there is named, with those that are") {
  if (!may_capture()) return;
  CHECK_THAT(
      message_of({.interface = "eth99"}),
      ContainsSubstring("no interface 'eth99'; there are: lo") && ContainsSubstring(", any"));
}

TEST_CASE("a bad filter is an error when the interface is opened") {
  if (!may_capture()) return;
  CHECK_THAT(message_of({.interface = "lo", .filter = "tcp prot 80"}),
             ContainsSubstring("syntax error\n  tcp prot 80\n      ^"));
}

TEST_CASE("without the right to capture the message has the line that gives it") {
  const Fd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (socket) return;
  CHECK_THAT(message_of({.interface = "lo"}),
             ContainsSubstring("Operation not permitted | sudo setcap cap_net_raw=ep /"));
}

TEST_CASE("an interface that goes away ends the capture with a message") {
  if (!may_capture()) return;
  std::optional<std::string> flaw;
  // A thread with a network of its own.
  std::thread([&] {
    if (unshare(CLONE_NEWNET) != 0) return;
    if (std::system("ip link add gone type veth peer name peer && ip link set gone up") != 0)
      return;
    LiveCapture capture({.interface = "gone"});
    capture.next();
    if (std::system("ip link del gone") != 0) return;
    count_rest(capture);
    flaw = capture.flaw();
  }).join();
  if (!flaw) {
    WARN("skipped: needs network namespaces and ip(8)");
    return;
  }
  CHECK_THAT(*flaw, ContainsSubstring("the capture on 'gone' ended: "));
}
