// SPDX-License-Identifier: Apache-2.0
// A trace that is told call by call to a SocketTable; each step answers with what moved.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <string>

#include "common/endpoint.h"
#include "tests/unit/trace/event_builder.h"
#include "tests/unit/trace/loopback.h"
#include "tracer/trace/socket_table.h"

namespace wireseam::test {

inline SocketIdentity identity(int fd, uint64_t cookie) {
  SocketIdentity identity{};
  identity.fd = fd;
  identity.domain = identity.type = identity.protocol = -1;
  identity.cookie = cookie;
  return identity;
}

inline SocketIdentity named(SocketIdentity identity, uint16_t local, uint16_t peer) {
  const sockaddr_in local_name = loopback(local);
  const sockaddr_in peer_name = loopback(peer);
  identity.local_size = identity.peer_size = sizeof local_name;
  std::memcpy(identity.local, &local_name, sizeof local_name);
  std::memcpy(identity.peer, &peer_name, sizeof peer_name);
  return identity;
}

inline std::string name_of(const std::vector<std::byte>& address) {
  const auto endpoint = endpoint_from_sockaddr(address);
  return endpoint ? to_string(*endpoint) : "none";
}

// "sent 0-5", "received 3-4 urgent", "sent 8" for what is no stream, "none".
inline std::string text(const std::optional<Transfer>& transfer) {
  if (!transfer) return "none";
  std::string text = transfer->way == Way::Sent ? "sent " : "received ";
  if (transfer->range)
    text += std::to_string(transfer->range->begin) + "-" + std::to_string(transfer->range->end);
  else
    text += std::to_string(transfer->bytes);
  return text + (transfer->urgent ? " urgent" : "");
}

class SocketTrace {
 public:
  SocketTrace& in_process(uint32_t process) {
    process_ = thread_ = process;
    return *this;
  }

  // Its main thread has the process's number.
  SocketTrace& in_thread(uint32_t process, uint32_t tid) {
    process_ = process;
    thread_ = tid;
    return *this;
  }

  CallSockets apply(EventBuilder builder) {
    builder.process(process_, thread_);
    Event event = builder.event();
    event.process = process_;
    return table.apply(event);
  }
  std::string move(EventBuilder builder) { return text(apply(std::move(builder)).transfer); }

  // Processes have their index as their pid.
  void begin(uint32_t process, ProcessCause cause, uint32_t parent, uint32_t pid = 0) {
    table.apply({.pid = pid != 0 ? pid : process,
                 .process = process,
                 .what = ProcessBeginEvent{.cause = cause, .parent = parent, .name = {}}});
  }

  int socket(int fd, uint64_t cookie, int type = SOCK_STREAM) {
    apply(EventBuilder("socket")
              .arguments({AF_INET, type, 0})
              .returns(fd)
              .part(0, BlobPart::Identity, identity(fd, cookie)));
    return fd;
  }

  const Socket* find(int fd, uint32_t process = 1, uint32_t tid = 0) const {
    return table.find(process, tid != 0 ? tid : process, fd);
  }
  uint64_t cookie(int fd, uint32_t process = 1, uint32_t tid = 0) const {
    const Socket* socket = find(fd, process, tid);
    return socket != nullptr ? socket->cookie : 0;
  }

  SocketTable table;

 private:
  uint32_t process_ = 1;
  uint32_t thread_ = 1;
};

inline EventBuilder send(int fd, int64_t bytes, int flags = 0) {
  return EventBuilder("send").arguments({fd, kPointer, bytes, flags}).returns(bytes);
}

inline EventBuilder recv(int fd, int64_t bytes, int flags = 0) {
  return EventBuilder("recv").arguments({fd, kPointer, 4096, flags}).returns(bytes);
}

}  // namespace wireseam::test
