// SPDX-License-Identifier: Apache-2.0
// Sends datagrams on loopback at a steady rate, for captures that shall keep up with it.
//
//   send_datagrams COUNT SIZE RATE      prints how many it sent a second
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "common/error.h"
#include "common/fd.h"

using namespace wireseam;
using Clock = std::chrono::steady_clock;

namespace {

constexpr size_t kBatch = 64;

// Bound to a port of its own on loopback.
Fd bound_socket(sockaddr_in& address) {
  Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw Error("cannot bind", errno);
  return socket;
}

class Sender {
 public:
  Sender(int socket, size_t size) : socket_(socket), payload_(size) {
    part_ = {payload_.data(), payload_.size()};
    for (mmsghdr& message : messages_) {
      message.msg_hdr.msg_iov = &part_;
      message.msg_hdr.msg_iovlen = 1;
    }
  }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  size_t send(size_t count) {
    const auto most = static_cast<unsigned>(std::min(count, kBatch));
    const int sent = sendmmsg(socket_, messages_.data(), most, 0);
    if (sent < 0) throw Error("cannot send", errno);
    return static_cast<size_t>(sent);
  }

 private:
  int socket_;
  std::vector<char> payload_;
  iovec part_{};
  std::array<mmsghdr, kBatch> messages_{};
};

double send_all(size_t count, size_t size, double rate) {
  sockaddr_in address{};
  const Fd receiver =
      bound_socket(address);  // what it has no room for is dropped behind the capture
  sockaddr_in own{};
  const Fd socket = bound_socket(own);
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw Error("cannot connect", errno);
  Sender sender(socket.get(), size);
  const auto begin = Clock::now();
  for (size_t sent = 0; sent < count;) {
    std::this_thread::sleep_until(
        begin + std::chrono::duration_cast<Clock::duration>(
                    std::chrono::duration<double>(static_cast<double>(sent) / rate)));
    sent += sender.send(count - sent);
  }
  return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::fprintf(stderr, "usage: send_datagrams COUNT SIZE RATE\n");
    return 2;
  }
  const double rate = send_all(std::stoul(argv[1]), std::stoul(argv[2]), std::stod(argv[3]));
  std::printf("%.0f\n", rate);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "send_datagrams: %s\n", error.what());
  return 1;
}
