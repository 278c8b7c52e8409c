// SPDX-License-Identifier: Apache-2.0
// The loop around epoll_wait(2). Knows nothing of what the bytes mean, but for the
// authentication's.
#include "samples/epoll_server.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <array>

#include "common/error.h"
#include "samples/auth.h"
#include "samples/program.h"
#include "samples/serve.h"
#include "samples/stop.h"

namespace wireseam::samples {
namespace {

constexpr ClientId kListener = 0;
constexpr size_t kMaxUnsent = size_t{1} << 20;  // bytes that a client may be behind

}  // namespace

EpollServer::EpollServer(const Listener& listener, size_t recv_size,
                         const std::optional<std::string>& key)
    : listener_(listener),
      key_(key),
      epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1", listener.name())),
      buffer_(recv_size) {
  // A client may be gone between epoll_wait and accept, which would then wait for the next one.
  checked(fcntl(listener.fd(), F_SETFL, O_NONBLOCK), "fcntl", listener.name());
  control(EPOLL_CTL_ADD, listener.fd(), kListener, EPOLLIN);
}

void EpollServer::run() {
  while (true) wait_and_serve();
}

void EpollServer::wait_and_serve() {
  std::array<epoll_event, 64> events;
  const auto auth_deadline = deadlines_.empty() ? kNever : deadlines_.front().time;
  const int count = epoll_wait(epoll_.get(), events.data(), events.size(),
                               timeout_ms(std::min(auth_deadline, accept_again_)));
  // SIGSTOP and SIGCONT interrupt it too, though nobody handles them (signal(7)).
  if (count < 0 && errno == EINTR && !stop_requested()) return;
  checked(count, "epoll_wait", listener_.name());

  for (const epoll_event& event : std::span(events).first(static_cast<size_t>(count))) {
    if (event.data.u64 == kListener)
      accept_client();
    else
      serve(clients_.at(event.data.u64));
  }
  end_late_clients();
  resume_accept();
}

void EpollServer::control(int operation, int fd, ClientId id, uint32_t events) {
  epoll_event event{.events = events, .data = {.u64 = id}};
  checked(epoll_ctl(epoll_.get(), operation, fd, &event), "epoll_ctl", listener_.name());
}

void EpollServer::accept_client() {
  try {
    add_client(listener_.accept(SOCK_NONBLOCK));
    shortage_reported_ = false;
  } catch (const Error& error) {
    if (!is_passing_accept_error(error.errnum())) throw;
    if (error.errnum() != EAGAIN) pause_accept(error.what());
  }
}

void EpollServer::add_client(Connection connection) {
  const ClientId id = ++last_id_;
  control(EPOLL_CTL_ADD, connection.fd.get(), id, EPOLLIN);
  EpollClient& client = clients_.emplace(id, EpollClient{std::move(connection), id}).first->second;
  if (!key_) return;
  client.challenge = random_challenge();
  deadlines_.push_back({Clock::now() + kAuthTimeLimit, id});
  queue(client, client.challenge);
}

// The client that we lack a descriptor for stays in the backlog, and epoll would report it again
// and again.
void EpollServer::pause_accept(const char* why) {
  if (!shortage_reported_) warn(why);
  shortage_reported_ = true;
  accept_again_ = Clock::now() + kAcceptAgain;
  control(EPOLL_CTL_MOD, listener_.fd(), kListener, 0);
}

void EpollServer::resume_accept() {
  if (Clock::now() < accept_again_) return;
  accept_again_ = kNever;
  control(EPOLL_CTL_MOD, listener_.fd(), kListener, EPOLLIN);
}

void EpollServer::serve(EpollClient& client) {
  try {
    if (client.unsent.empty() && !receive(client)) return end(client);
    if (!client.unsent.empty()) send_unsent(client);
  } catch (const Error& error) {
    warn(error.what());
    end(client);
  }
}

// False when the client has ended.
bool EpollServer::receive(EpollClient& client) {
  const size_t wanted = client.admitted() ? buffer_.size() : kProofSize - client.proof.size();
  const ssize_t size = recv(client.fd(), buffer_.data(), std::min(wanted, buffer_.size()), 0);
  if (size < 0 && errno == EAGAIN) return true;
  const std::span bytes =
      std::span(buffer_).first(checked_size(size, "recv", client.connection.peer));
  if (!client.admitted())
    take_proof(client, {bytes.data(), bytes.size()});
  else if (!bytes.empty())
    received(client, bytes);
  return !bytes.empty();
}

void EpollServer::take_proof(EpollClient& client, std::string_view bytes) {
  client.proof += bytes;
  if (bytes.empty()) throw auth_error(client.connection, "closed");
  if (client.proof.size() < kProofSize) return;
  if (!is_proof(client.proof, *key_, client.challenge))
    throw auth_error(client.connection, "wrong key");
  client.challenge.clear();
}

void EpollServer::send_unsent(EpollClient& client) {
  const ssize_t sent = send(client.fd(), client.unsent.data(), client.unsent.size(), MSG_NOSIGNAL);
  if (sent >= 0 || errno != EAGAIN)
    client.unsent.erase(0, checked_size(sent, "send", client.connection.peer));
  watch(client);
}

void EpollServer::watch(EpollClient& client) {
  const uint32_t waits_for = client.unsent.empty() ? EPOLLIN : EPOLLOUT;
  if (waits_for == client.waits_for) return;
  control(EPOLL_CTL_MOD, client.fd(), client.id, waits_for);
  client.waits_for = waits_for;
}

void EpollServer::queue(EpollClient& client, std::string_view bytes) {
  client.unsent += bytes;
  watch(client);
  if (client.unsent.size() <= kMaxUnsent) return;
  warn(fmt::format("{}: dropped, since it does not read", client.connection.peer));
  // Wakes up epoll; recv then reports the end of this client.
  checked(shutdown(client.fd(), SHUT_RDWR), "shutdown", client.connection.peer);
  client.unsent.clear();
}

void EpollServer::end(EpollClient& client) {
  left(client);
  const ClientId id = client.id;
  clients_.erase(id);  // its close(2) takes it out of epoll
}

void EpollServer::end_late_clients() {
  while (!deadlines_.empty() && deadlines_.front().time <= Clock::now()) {
    const auto found = clients_.find(deadlines_.front().id);
    deadlines_.pop_front();
    if (found == clients_.end() || found->second.admitted()) continue;
    warn(auth_error(found->second.connection, kTooLate).what());
    end(found->second);
  }
}

}  // namespace wireseam::samples
