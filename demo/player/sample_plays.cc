// SPDX-License-Identifier: Apache-2.0
// The scenarios that the samples play.
#include <arpa/inet.h>
#include <sys/socket.h>

#include "demo/player/ends.h"
#include "demo/player/plays.h"
#include "demo/player/samples.h"

namespace wireseam::player {
namespace {

constexpr char kAnyPort[] = "tcp:127.0.0.1:0";

}  // namespace

// Whoever connects in the meantime can run these two commands, and no others.
void play_framed() {
  const SampleServer server({"exec-server", "--allow", "seq", "--allow", "echo", kAnyPort});
  run_sample({"exec-client", "--recv-size", "20", server.address(), "seq 12", "echo hello"});
}

void play_handshake() {
  SampleServer server({"echo-server", "--one-client", kAnyPort});
  run_sample({"echo-client", server.address(), "hello"});
  server.wait();
}

// The port is taken, so that nobody else can, but nobody listens there.
void play_refused() {
  const Fd taken(checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  checked(bind(taken.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), "bind");
  const std::string port = std::to_string(ntohs(name_of(taken).sin_port));
  run_sample({"echo-client", "tcp:127.0.0.1:" + port, "hello"}, Failure::Expected);
}

}  // namespace wireseam::player
