// SPDX-License-Identifier: Apache-2.0
// Many clients in one thread, with non-blocking sockets and epoll(7). A client is in one of two
// states: all that it is to get is sent, then we wait until it can be read; or a part is left, then
// we wait until it can be written, and read nothing more from it. So level-triggered epoll reports
// nothing that is not acted upon.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "samples/deadline.h"
#include "samples/sockets.h"

namespace wireseam::samples {

// Clients are known by a number that is never used again; a descriptor's number is.
using ClientId = uint64_t;

struct EpollClient {
  Connection connection;
  ClientId id;
  uint32_t waits_for = EPOLLIN;  // EPOLLOUT while something is unsent
  std::string unsent = {};
  std::string challenge = {};  // empty once the client is admitted
  std::string proof = {};      // as far as it has come

  int fd() const { return connection.fd.get(); }
  bool admitted() const { return challenge.empty(); }
};

// What a server does with its clients' bytes is its own; the rest is here: accepting,
// authenticating, sending as fast as a client takes it, and outliving each client's errors.
class EpollServer {
 public:
  // All three must remain live while the server runs.
  EpollServer(const Listener& listener, size_t recv_size, const std::optional<std::string>& key);
  virtual ~EpollServer() = default;
  EpollServer(const EpollServer&) = delete;
  EpollServer& operator=(const EpollServer&) = delete;

  // Serves until a signal throws Stopped.
  [[noreturn]] void run();

 protected:
  using Clients = std::unordered_map<ClientId, EpollClient>;

  // What one recv(2) brought, never nothing. An answer to the same client is added to its `unsent`.
  virtual void received(EpollClient& client, std::span<char> bytes) = 0;

  // The client will be gone when this returns.
  virtual void left(const EpollClient& client) = 0;

  // For another client than the one that `received` is about.
  void queue(EpollClient& client, std::string_view bytes);

  Clients& clients() { return clients_; }

 private:
  struct AuthDeadline {
    Clock::time_point time;
    ClientId id;
  };

  void wait_and_serve();
  void control(int operation, int fd, ClientId id, uint32_t events);
  void accept_client();
  void add_client(Connection connection);
  void pause_accept(const char* why);
  void resume_accept();
  void serve(EpollClient& client);
  bool receive(EpollClient& client);
  void take_proof(EpollClient& client, std::string_view bytes);
  void send_unsent(EpollClient& client);
  void watch(EpollClient& client);
  void end(EpollClient& client);
  void end_late_clients();

  const Listener& listener_;
  const std::optional<std::string>& key_;
  Fd epoll_;
  std::vector<char> buffer_;
  Clients clients_;
  ClientId last_id_ = 0;
  std::deque<AuthDeadline> deadlines_;  // the next one first: all clients have the same time
  Clock::time_point accept_again_ = kNever;
  bool shortage_reported_ = false;
};

}  // namespace wireseam::samples
