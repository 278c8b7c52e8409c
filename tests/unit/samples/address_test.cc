// SPDX-License-Identifier: Apache-2.0
#include "samples/address.h"

#include "common/error.h"
#include "tests/unit/catch2.h"

using namespace wireseam;
using namespace wireseam::samples;

namespace {

SocketAddress address_of(std::string_view text) { return resolve(text).front(); }

}  // namespace

TEST_CASE("an address prints as it is written") {
  for (const std::string text :
       {"tcp:127.0.0.1:8080", "tcp:[::1]:8080", "udp:0.0.0.0:0", "udp:[fe80::1%1]:65535",
        "unix:/tmp/socket", "unix:relative", "unix:@abstract", "unixgram:@abstract"})
    CHECK(samples::to_string(address_of(text)) == text);
}

TEST_CASE("what is no address throws and says why") {
  for (const char* text : {"", ":", "tcp", "tcp:", "tcp:host", "tcp:host:", "tcp:host:x", "tcp::1",
                           "tcp:::1:1", "tcp:host:65536", "unix:", "unixgram", "sctp:host:1"})
    CHECK_THROWS_AS(resolve(text), Error);
}

TEST_CASE("the scheme says whether it is a stream, without a look at the host") {
  CHECK(socket_type("tcp:no.such.host:1") == SOCK_STREAM);
  CHECK(socket_type("unix:x") == SOCK_STREAM);
  CHECK(socket_type("udp:no.such.host:1") == SOCK_DGRAM);
  CHECK(socket_type("unixgram:x") == SOCK_DGRAM);
}

TEST_CASE("loopback is what only this machine can reach") {
  for (const char* text : {"tcp:127.0.0.1:1", "udp:127.255.0.9:1", "tcp:[::1]:1", "unix:x"})
    CHECK(is_loopback(address_of(text)));
  for (const char* text : {"tcp:0.0.0.0:1", "tcp:128.0.0.1:1", "tcp:[::]:1", "tcp:[fe80::1]:1"})
    CHECK_FALSE(is_loopback(address_of(text)));
  CHECK(is_loopback(address_of("tcp:[::ffff:127.0.0.1]:1")));
}

TEST_CASE("only a UNIX socket with a path leaves a file") {
  CHECK(socket_path(address_of("unix:/tmp/socket")) == "/tmp/socket");
  CHECK(socket_path(address_of("unix:@abstract")).empty());
  CHECK(socket_path(address_of("tcp:127.0.0.1:1")).empty());
}

TEST_CASE("the longest names fit, and none longer") {
  CHECK(socket_path(address_of("unix:" + std::string(107, 'x'))).size() == 107);
  CHECK_THROWS_AS(resolve("unix:" + std::string(108, 'x')), Error);
  CHECK(samples::to_string(address_of("unix:@" + std::string(107, 'x'))).size() == 113);
  CHECK_THROWS_AS(resolve("unix:@" + std::string(108, 'x')), Error);
}
