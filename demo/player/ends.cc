// SPDX-License-Identifier: Apache-2.0
#include "demo/player/ends.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "common/error.h"

namespace wireseam::player {
namespace {

constexpr size_t kNameSize = 16;  // prctl(2)

sockaddr* generic(sockaddr_in& name) { return reinterpret_cast<sockaddr*>(&name); }
const sockaddr* generic(const sockaddr_in& name) {
  return reinterpret_cast<const sockaddr*>(&name);
}

int status_of(const std::string& name, const std::function<void()>& body) {
  try {
    body();
    return EXIT_SUCCESS;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), error.what());
    return EXIT_FAILURE;
  }
}

}  // namespace

void tell(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

pid_t start_process(const std::string& name, const std::function<void()>& body) {
  // The tracer asks a new process for its name at once, so that it has to be born with it.
  std::array<char, kNameSize> own{};
  prctl(PR_GET_NAME, own.data());
  prctl(PR_SET_NAME, name.c_str());
  const pid_t pid = fork();
  if (pid == 0) {
    // Where the player fails nobody is left waiting for the other end.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    _exit(status_of(name, body));
  }
  prctl(PR_SET_NAME, own.data());
  return checked(pid, "fork");
}

void wait_for(pid_t pid, std::string_view what) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw Error("waitpid", errno);
  }
  if (status != 0) throw Error(std::string(what) + " failed");
}

int checked(int result, std::string_view call) {
  if (result < 0) throw Error(call, errno);
  return result;
}

size_t checked_size(ssize_t result, std::string_view call) {
  if (result < 0) throw Error(call, errno);
  return static_cast<size_t>(result);
}

Fd listen_on_loopback(int backlog) {
  Fd listener(checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  sockaddr_in any_port{};
  any_port.sin_family = AF_INET;
  any_port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  checked(bind(listener.get(), generic(any_port), sizeof any_port), "bind");
  checked(listen(listener.get(), backlog), "listen");
  return listener;
}

sockaddr_in name_of(const Fd& socket) {
  sockaddr_in name{};
  socklen_t size = sizeof name;
  checked(getsockname(socket.get(), generic(name), &size), "getsockname");
  return name;
}

Fd accept_from(const Fd& listener) {
  return Fd(checked(accept(listener.get(), nullptr, nullptr), "accept"));
}

Fd connect_to(const sockaddr_in& server) {
  Fd socket(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  checked(connect(socket.get(), generic(server), sizeof server), "connect");
  return socket;
}

void send_text(const Fd& socket, std::string_view text) {
  const size_t sent =
      checked_size(send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL), "send");
  if (sent != text.size()) throw Error("send: only a part was taken");
}

std::string receive_some(const Fd& socket, size_t room) {
  std::string text(room, '\0');
  text.resize(checked_size(recv(socket.get(), text.data(), room, 0), "recv"));
  return text;
}

std::string receive_all(const Fd& socket, size_t size) {
  std::string text;
  while (text.size() < size) {
    const std::string piece = receive_some(socket, size - text.size());
    if (piece.empty()) break;
    text += piece;
  }
  return text;
}

void wait_until(const Fd& socket, short events) {
  pollfd waited{.fd = socket.get(), .events = events, .revents = 0};
  checked(poll(&waited, 1, -1), "poll");
}

void set_option(const Fd& socket, int level, int option, int value, std::string_view name) {
  checked(setsockopt(socket.get(), level, option, &value, sizeof value), name);
}

Signal::Signal() {
  std::array<int, 2> ends{};
  checked(pipe(ends.data()), "pipe");
  reader_.reset(ends[0]);
  writer_.reset(ends[1]);
}

void Signal::give() const { checked_size(write(writer_.get(), "!", 1), "write"); }

void Signal::await() {
  writer_.reset();
  char given = 0;
  checked_size(read(reader_.get(), &given, 1), "read");
}

void play_pair(const std::string& name, const Talk& server, const Talk& client) {
  Fd listener = listen_on_loopback(1);
  const sockaddr_in address = name_of(listener);
  const pid_t serving = start_process(name + "-server", [&] { server(accept_from(listener)); });
  listener.reset();
  const pid_t asking = start_process(name + "-client", [&] { client(connect_to(address)); });
  wait_for(asking, name + "-client");
  wait_for(serving, name + "-server");
}

}  // namespace wireseam::player
