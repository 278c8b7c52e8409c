// SPDX-License-Identifier: Apache-2.0
// The way to a connected socket, as every textbook has it: socket, setsockopt, bind, listen, accept
// for a server; socket, setsockopt, connect for a client. Every result is checked, and an error
// names the call, the address and errno's text: "bind tcp:127.0.0.1:80: Permission denied".
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "common/fd.h"
#include "samples/address.h"

namespace wireseam::samples {

struct SocketOptions {
  int backlog = SOMAXCONN;
  bool reuseaddr = true;
  bool nodelay = false;
  std::optional<int> sndbuf;  // bytes; the kernel doubles them (socket(7))
  std::optional<int> rcvbuf;
};

// A connected socket and the other end's name, for messages.
struct Connection {
  Fd fd;
  std::string peer;
};

// A bound socket; it listens if it is a stream's. Removes the path of a UNIX socket at its end.
class Listener {
 public:
  Listener(std::string_view address, const SocketOptions& options);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int fd() const { return fd_.get(); }
  const SocketAddress& address() const { return address_; }  // with the port that it really has
  const std::string& name() const { return name_; }          // the same as text

  // Prints "listening on ADDRESS" to stdout, at once.
  void announce() const;

  // Waits for the next client. FLAGS are those of accept4(2); throws Error with its errno.
  Connection accept(int flags = 0) const;

  // For a child after fork(2): closes the socket and leaves the path to the parent.
  void abandon();

 private:
  Fd fd_;
  SocketAddress address_;
  std::string name_;
  std::string path_;
};

// Connects to the first of the addresses that answers. A datagram socket gets a name of its own, so
// that it can be answered, and hears the one peer only.
Connection connect_to(std::string_view address, const SocketOptions& options);

// Returns what a call returned: throws Error "CALL ADDRESS: ERRNO TEXT" if that is negative, and
// Stopped if a signal that ends the program has come.
int checked(int result, std::string_view call, std::string_view address);
size_t checked_size(ssize_t result, std::string_view call, std::string_view address);

// send(2) until all bytes are with the kernel: one call may take a part of them.
void send_all(const Connection& to, std::string_view bytes);

}  // namespace wireseam::samples
