// SPDX-License-Identifier: Apache-2.0
// The scenarios that the samples play.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "demo/player/ends.h"
#include "demo/player/plays.h"
#include "demo/player/samples.h"

namespace wireseam::player {
namespace {

constexpr char kAnyPort[] = "tcp:127.0.0.1:0";

// A key that both ends know. It lies in no folder, so that nothing is left behind by whoever is
// killed.
class KeyFile {
 public:
  KeyFile() : file_(checked(memfd_create("key", 0), "memfd_create")) {
    constexpr std::string_view kKey = "a secret that only both ends know";
    checked(fchmod(file_.get(), S_IRUSR | S_IWUSR), "fchmod");
    checked_size(write(file_.get(), kKey.data(), kKey.size()), "write");
  }

  // For programs that inherit the descriptor.
  std::string path() const { return "/dev/fd/" + std::to_string(file_.get()); }

 private:
  Fd file_;
};

// "tcp:127.0.0.1:8080"
sockaddr_in name_of(const SampleServer& server) {
  const std::string& address = server.address();
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  return name;
}

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

// The client stays until the server has ended, so that it is the server who closes first and keeps
// the connection in TIME_WAIT.
void play_timewait() {
  SampleServer first({"echo-server", "--once", kAnyPort});
  {
    SampleClient client({"echo-client", first.address()});
    client.tell("hello");
    first.wait();
  }
  run_sample({"echo-server", "--no-reuseaddr", first.address()}, Failure::Expected);
  const SampleServer again({"echo-server", first.address()});
}

// The second message is longer than what the server has room for.
void play_udp() {
  const SampleServer server({"echo-server", "--recv-size", "8", "udp:127.0.0.1:0"});
  run_sample({"echo-client", server.address(), "short", "far too long"});
}

void play_auth() {
  const KeyFile key;
  SampleServer server({"echo-server", "--one-client", "--auth-key-file", key.path(), kAnyPort});
  run_sample({"echo-client", "--auth-key-file", key.path(), server.address(), "hello"});
  server.wait();
}

// What the client of the samples does, but it takes its time before it receives again: until the
// second answer is there, too.
void play_cut() {
  constexpr size_t kRoom = 20;
  constexpr int kRest = 27 + 6 - kRoom;  // of the answers to seq 12 and echo hello
  const SampleServer server(
      {"exec-server", "--framing", "raw", "--allow", "seq", "--allow", "echo", kAnyPort});
  tell("A client asks for 'seq 12' and 'echo hello', with one recv for each answer.");
  const pid_t client = start_process("cut-client", [&] {
    const Fd connection = connect_to(name_of(server));
    send_text(connection, "seq 12");
    receive_some(connection, kRoom);
    send_text(connection, "echo hello");
    set_option(connection, SOL_SOCKET, SO_RCVLOWAT, kRest, "setsockopt SO_RCVLOWAT");
    wait_until(connection, POLLIN);
    receive_some(connection, kRoom);
  });
  wait_for(client, "cut-client");
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
