// SPDX-License-Identifier: Apache-2.0
// The echo of many clients in one thread.
#include "samples/echo.h"
#include "samples/epoll_server.h"

namespace wireseam::samples {
namespace {

class EpollEcho : public EpollServer {
 public:
  using EpollServer::EpollServer;

 private:
  void received(EpollClient& client, std::span<char> message) override {
    make_upper(message);
    client.unsent.append(message.data(), message.size());
  }

  void left(const EpollClient& /*client*/) override {}
};

}  // namespace

void echo_with_epoll(const Listener& listener, size_t recv_size,
                     const std::optional<std::string>& key) {
  EpollEcho(listener, recv_size, key).run();
}

}  // namespace wireseam::samples
