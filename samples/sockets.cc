// SPDX-License-Identifier: Apache-2.0
// Opens, binds, listens, accepts, connects, sends. Interprets no byte.
#include "samples/sockets.h"

#include <errno.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.h"
#include "samples/messages.h"
#include "samples/stop.h"

namespace wireseam::samples {
namespace {

void set_option(int fd, int level, int option, int value, const char* name,
                std::string_view address) {
  checked(setsockopt(fd, level, option, &value, sizeof value), fmt::format("setsockopt {}", name),
          address);
}

Fd open_socket(const SocketAddress& address, const SocketOptions& options) {
  const std::string name = to_string(address);
  Fd fd(checked(socket(address.family(), address.type | SOCK_CLOEXEC, 0), "socket", name));
  if (options.nodelay) set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY", name);
  // Before connect and listen: the handshake announces the window that rcvbuf allows (tcp(7)).
  if (options.sndbuf)
    set_option(fd.get(), SOL_SOCKET, SO_SNDBUF, *options.sndbuf, "SO_SNDBUF", name);
  if (options.rcvbuf)
    set_option(fd.get(), SOL_SOCKET, SO_RCVBUF, *options.rcvbuf, "SO_RCVBUF", name);
  return fd;
}

// A server that was killed leaves its socket's path behind, and bind(2) would report "Address
// already in use" though nobody listens there.
void remove_stale_path(const SocketAddress& address) {
  const std::string path = socket_path(address);
  struct stat status {};
  if (path.empty() || lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  // Of a third type: a server that lives answers EPROTOTYPE and does not see a client.
  const Fd probe(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (connect(probe.get(), address.get(), address.length) != 0 && errno == ECONNREFUSED)
    unlink(path.c_str());
}

Fd open_bound(const SocketAddress& address, const SocketOptions& options) {
  const std::string name = to_string(address);
  Fd fd = open_socket(address, options);
  if (options.reuseaddr) {
    remove_stale_path(address);
    // For TCP only: two UDP servers with SO_REUSEADDR would both bind, and one starve in silence.
    if (address.family() != AF_UNIX && address.type == SOCK_STREAM)
      set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR", name);
  }
  checked(bind(fd.get(), address.get(), address.length), "bind", name);
  return fd;
}

// Calls OPEN with one address after the other until it does not throw.
template <typename Open>
Fd first_that_works(const std::vector<SocketAddress>& addresses, Open open) {
  for (size_t i = 0; i + 1 < addresses.size(); ++i) {
    try {
      return open(addresses[i]);
    } catch (const Error& error) {
      // The next one may work, and the last one's error is reported. But a second server at a
      // host's other address would hide from its user that the first one has the port.
      if (error.errnum() == EADDRINUSE) throw;
    }
  }
  return open(addresses.back());
}

// The name that bind(2) has given it.
SocketAddress local_address(int fd, int type) {
  SocketAddress address;
  address.type = type;
  checked(getsockname(fd, address.get(), &address.length), "getsockname", "of own socket");
  return address;
}

Fd open_connected(const SocketAddress& address, const SocketOptions& options) {
  Fd fd = open_socket(address, options);
  if (address.family() == AF_UNIX && address.type == SOCK_DGRAM) {
    // The family alone: the kernel chooses an abstract name (unix(7), autobind).
    checked(bind(fd.get(), address.get(), sizeof(sa_family_t)), "bind", "unixgram:");
  }
  checked(connect(fd.get(), address.get(), address.length), "connect", to_string(address));
  return fd;
}

}  // namespace

Listener::Listener(std::string_view address, const SocketOptions& options) {
  const auto addresses = resolve(address);
  fd_ = first_that_works(addresses, [&](const auto& each) { return open_bound(each, options); });
  address_ = local_address(fd_.get(), addresses.front().type);
  name_ = to_string(address_);
  path_ = socket_path(address_);
  if (address_.type == SOCK_STREAM) checked(listen(fd_.get(), options.backlog), "listen", name_);
}

Listener::~Listener() {
  if (!path_.empty()) unlink(path_.c_str());
}

void Listener::announce() const { print_line("listening on " + name_); }

Connection Listener::accept(int flags) const {
  SocketAddress peer;
  peer.type = address_.type;
  const int fd = accept4(fd_.get(), peer.get(), &peer.length, SOCK_CLOEXEC | flags);
  return {Fd(checked(fd, "accept", name_)), to_string(peer)};
}

void Listener::abandon() {
  fd_.reset();
  path_.clear();
}

Connection connect_to(std::string_view address, const SocketOptions& options) {
  const auto addresses = resolve(address);
  Fd fd =
      first_that_works(addresses, [&](const auto& each) { return open_connected(each, options); });
  return {std::move(fd), std::string(address)};
}

int checked(int result, std::string_view call, std::string_view address) {
  if (result >= 0) return result;
  const int errnum = errno;
  if (stop_requested()) throw Stopped();
  throw Error(fmt::format("{} {}", call, address), errnum);
}

size_t checked_size(ssize_t result, std::string_view call, std::string_view address) {
  const int errnum = errno;
  if (stop_requested()) throw Stopped();
  if (result < 0) throw Error(fmt::format("{} {}", call, address), errnum);
  return static_cast<size_t>(result);
}

void send_all(const Connection& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(to.fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    bytes.remove_prefix(checked_size(sent, "send", to.peer));
  }
}

}  // namespace wireseam::samples
