// SPDX-License-Identifier: Apache-2.0
// What all ways of echoing share, and the datagrams.
#include "samples/echo.h"

#include <errno.h>
#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"
#include "samples/program.h"

namespace wireseam::samples {

void make_upper(std::span<char> message) {
  std::ranges::transform(message, message.begin(), [](char c) {
    return 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
}

void echo_datagram(const Listener& socket, std::span<char> buffer) {
  SocketAddress peer;
  peer.type = SOCK_DGRAM;
  // With MSG_TRUNC the result is the datagram's size, even if the buffer took only a part of it.
  const size_t size = checked_size(
      recvfrom(socket.fd(), buffer.data(), buffer.size(), MSG_TRUNC, peer.get(), &peer.length),
      "recvfrom", socket.name());
  const std::span message = buffer.first(std::min(size, buffer.size()));
  if (size > message.size())
    warn(fmt::format("recvfrom {}: datagram of {} bytes truncated to {}", to_string(peer), size,
                     message.size()));
  if (peer.length == 0)
    return warn(
        fmt::format("recvfrom {}: no answer to a sender without a name (it has not called bind)",
                    socket.name()));

  make_upper(message);
  // A UNIX client that does not read would block this server for all; UDP drops on its own.
  const int flags = peer.family() == AF_UNIX ? MSG_DONTWAIT : 0;
  if (sendto(socket.fd(), message.data(), message.size(), flags, peer.get(), peer.length) < 0)
    warn(fmt::format("sendto {}: {}", to_string(peer), errno_text(errno)));
}

}  // namespace wireseam::samples
