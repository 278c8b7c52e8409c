// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/traced_sockets.h"

#include <arpa/inet.h>

#include <cerrno>
#include <cstring>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/socket_trace.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint64_t kSecond = 1'000'000'000;

sockaddr_in inet(const char* address, uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  inet_pton(AF_INET, address, &name.sin_addr);
  return name;
}

sockaddr_in6 inet6(const char* address, uint16_t port) {
  sockaddr_in6 name{};
  name.sin6_family = AF_INET6;
  name.sin6_port = htons(port);
  inet_pton(AF_INET6, address, &name.sin6_addr);
  return name;
}

template <typename Name>
SocketEnd end_of(const Name& name) {
  return *socket_end(std::as_bytes(std::span(&name, 1)));
}
SocketEnd end(const char* address, uint16_t port) {
  return std::string_view(address).find(':') != std::string_view::npos
             ? end_of(inet6(address, port))
             : end_of(inet(address, port));
}

struct Sent {
  Transport transport = Transport::Tcp;
  uint64_t time_ns = 10 * kSecond;
  uint32_t payload = 0;
  uint16_t flags = kAck;
};

Packet packet(const SocketEnd& source, const SocketEnd& destination, const Sent& sent = {}) {
  Packet packet;
  packet.time_ns = sent.time_ns;
  packet.ip_version = source.version;
  packet.source = source.address;
  packet.destination = destination.address;
  packet.transport = sent.transport;
  packet.source_port = source.port;
  packet.destination_port = destination.port;
  packet.payload_length = sent.payload;
  packet.tcp.flags = sent.flags;
  return packet;
}

// A program's calls, all of one process, each at second 10.
class Program {
 public:
  explicit Program(std::vector<SocketEnd> host = {}) : sockets(std::move(host)) {}

  int socket(int fd, int type, int domain = AF_INET) {
    call(EventBuilder("socket")
             .arguments({domain, type, 0})
             .returns(fd)
             .part(0, BlobPart::Identity, identity(fd, static_cast<uint64_t>(fd))));
    return fd;
  }
  template <typename Name>
  void bind(int fd, const Name& name) {
    call(EventBuilder("bind").arguments({fd, kPointer, sizeof name}).value(1, name));
  }
  template <typename Name>
  void connect(EventBuilder builder, int fd, const Name& name) {
    call(builder.arguments({fd, kPointer, sizeof name}).value(1, name));
  }
  void sendto(int fd, const sockaddr_in& name, int64_t bytes) {
    call(EventBuilder("sendto")
             .arguments({fd, kPointer, bytes, 0, kPointer, sizeof name})
             .value(4, name)
             .returns(bytes));
  }
  void call(EventBuilder builder) {
    sockets.event(builder.thread(1).begins(10 * kSecond).lasts(1000).event());
  }

  bool carried(const SocketEnd& source, const SocketEnd& destination, const Sent& sent = {}) {
    return sockets.carried(packet(source, destination, sent));
  }

  TracedSockets sockets;
};

}  // namespace

TEST_CASE("a connection's packets are carried both ways, those of its neighbours are not") {
  Program program;
  const int fd = program.socket(3, SOCK_STREAM);
  program.connect(
      EventBuilder("connect").part(0, BlobPart::Identity, named(identity(fd, 3), 40000, 80)), fd,
      inet("127.0.0.1", 80));
  const SocketEnd client = end("127.0.0.1", 40000);
  const SocketEnd server = end("127.0.0.1", 80);
  CHECK(program.carried(client, server));
  CHECK(program.carried(server, client));
  CHECK_FALSE(program.carried(end("127.0.0.1", 40001), server));
  CHECK_FALSE(program.carried(end("127.0.0.2", 40000), server));
  CHECK_FALSE(program.carried(client, end("127.0.0.1", 81)));
  CHECK_FALSE(program.carried(client, server, {.transport = Transport::Udp}));
}

TEST_CASE("IPv4 in IPv6 is IPv4, and a listener on :: hears both") {
  CHECK(end("::ffff:10.0.0.1", 7) == end("10.0.0.1", 7));
  Program program;
  program.bind(program.socket(3, SOCK_STREAM, AF_INET6), inet6("::", 80));
  CHECK(program.carried(end("10.0.0.9", 1000), end("10.0.0.1", 80)));
  CHECK(program.carried(end("fd00::9", 1000), end("fd00::1", 80)));
}

TEST_CASE("a listener's port is its own, for whoever knocks, refused or not") {
  Program program;
  const int fd = program.socket(3, SOCK_STREAM);
  program.bind(fd, inet("10.0.0.1", 80));
  program.call(EventBuilder("listen").arguments({fd, 5}));
  CHECK(program.carried(end("10.0.0.9", 1000), end("10.0.0.1", 80), {.flags = kSyn}));
  CHECK(program.carried(end("10.0.0.1", 80), end("10.0.0.9", 1000), {.flags = kRst}));
  CHECK_FALSE(program.carried(end("10.0.0.9", 1000), end("10.0.0.2", 80)));
}

TEST_CASE("a port on any address is open on this machine's addresses, and not before its time") {
  Program program({end("10.0.0.1", 0)});
  program.bind(program.socket(3, SOCK_DGRAM), inet("0.0.0.0", 53));
  const SocketEnd peer = end("10.0.0.9", 1000);
  const Sent udp{.transport = Transport::Udp};
  CHECK(program.carried(peer, end("10.0.0.1", 53), udp));
  CHECK(program.carried(peer, end("127.0.0.1", 53), udp));
  CHECK(program.carried(peer, end("224.0.0.251", 53), udp));
  CHECK_FALSE(program.carried(peer, end("8.8.8.8", 53), udp));
  CHECK_FALSE(program.carried(peer, end("10.0.0.1", 53),
                              {.transport = Transport::Udp, .time_ns = 9 * kSecond}));
}

TEST_CASE("a port that the kernel chose is known by getsockname") {
  Program program;
  const int fd = program.socket(3, SOCK_DGRAM);
  program.bind(fd, inet("0.0.0.0", 0));
  const sockaddr_in name = inet("0.0.0.0", 5000);
  program.call(EventBuilder("getsockname")
                   .arguments({fd, kPointer, kPointer})
                   .value(1, name)
                   .value(2, uint32_t{sizeof name}));
  CHECK(program.carried(end("10.0.0.9", 9), end("10.0.0.1", 5000), {.transport = Transport::Udp}));
}

TEST_CASE("a datagram tells the port of a socket that was never named, and answers then belong") {
  Program program;
  program.sendto(program.socket(3, SOCK_DGRAM), inet("8.8.8.8", 53), 30);
  const SocketEnd local = end("10.0.0.1", 5000);
  const SocketEnd server = end("8.8.8.8", 53);
  const Sent query{.transport = Transport::Udp, .payload = 30};
  const Sent answer{.transport = Transport::Udp, .time_ns = 12 * kSecond, .payload = 99};
  CHECK_FALSE(program.carried(server, local, answer));
  CHECK_FALSE(
      program.carried(end("10.0.0.1", 6000), server, {.transport = Transport::Udp, .payload = 31}));
  CHECK_FALSE(
      program.carried(end("10.0.0.1", 6000), server,
                      {.transport = Transport::Udp, .time_ns = 8 * kSecond, .payload = 30}));
  CHECK(program.carried(local, server, query));
  CHECK(program.carried(server, local, answer));
  CHECK(program.carried(end("8.8.4.4", 53), local, answer));
  CHECK_FALSE(program.carried(end("10.0.0.1", 6000), server, query));
}

TEST_CASE("a connect that failed is known by its SYN in the time of the call") {
  Program program;
  const int fd = program.socket(3, SOCK_STREAM);
  program.connect(EventBuilder("connect").fails(ECONNREFUSED), fd, inet("0.0.0.0", 80));
  const SocketEnd client = end("127.0.0.1", 40000);
  const SocketEnd server = end("127.0.0.1", 80);
  CHECK_FALSE(program.carried(client, server, {.flags = kAck}));
  CHECK_FALSE(program.carried(client, server, {.time_ns = 11 * kSecond, .flags = kSyn}));
  CHECK(program.carried(client, server, {.flags = kSyn}));
  CHECK(program.carried(server, client, {.flags = kRst | kAck}));
}

TEST_CASE("a connect that never returned may still send its SYN") {
  Program program;
  const int fd = program.socket(3, SOCK_STREAM);
  program.connect(EventBuilder("connect").state(CallState::CutOff), fd, inet("10.0.0.9", 80));
  CHECK(program.carried(end("10.0.0.1", 40000), end("10.0.0.9", 80),
                        {.time_ns = 90 * kSecond, .flags = kSyn}));
}

TEST_CASE("what is neither TCP nor UDP is nobody's") {
  Program program;
  program.bind(program.socket(3, SOCK_STREAM), inet("0.0.0.0", 80));
  CHECK_FALSE(
      program.carried(end("10.0.0.9", 80), end("10.0.0.1", 80), {.transport = Transport::None}));
}

namespace {

constexpr UnseenSocketEvent unseen(int type, uint64_t since_ns, uint64_t until_ns = kStillThere) {
  UnseenSocketEvent socket{.since_ns = since_ns, .until_ns = until_ns};
  socket.identity.type = type;
  return socket;
}

template <typename Name>
UnseenSocketEvent with_ends(UnseenSocketEvent socket, const Name& local,
                            const std::optional<Name>& peer = {}) {
  socket.identity.local_size = sizeof local;
  std::memcpy(socket.identity.local, &local, sizeof local);
  if (!peer) return socket;
  socket.identity.peer_size = sizeof *peer;
  std::memcpy(socket.identity.peer, &*peer, sizeof *peer);
  return socket;
}

}  // namespace

TEST_CASE("a connection whose calls are not seen is carried from when it can have begun") {
  Program program;
  program.sockets.event(
      {.time_ns = 9 * kSecond,
       .what = with_ends(unseen(SOCK_STREAM, 8 * kSecond), inet("127.0.0.1", 40000),
                         std::optional(inet("127.0.0.1", 80)))});
  const SocketEnd client = end("127.0.0.1", 40000);
  const SocketEnd server = end("127.0.0.1", 80);
  CHECK_FALSE(program.carried(client, server, {.time_ns = 7 * kSecond}));
  CHECK(program.carried(client, server, {.time_ns = 8 * kSecond}));
  CHECK(program.carried(server, client, {.time_ns = 20 * kSecond}));
  CHECK_FALSE(program.carried(end("127.0.0.1", 40001), server));
}

TEST_CASE("the port of a socket whose calls are not seen is another's when it is gone") {
  Program program;
  const auto port = inet("0.0.0.0", 5000);
  program.sockets.event({.what = with_ends(unseen(SOCK_DGRAM, 8 * kSecond), port)});
  const SocketEnd local = end("127.0.0.1", 5000);
  const SocketEnd peer = end("127.0.0.1", 6000);
  const auto carried = [&](uint64_t seconds) {
    return program.carried(local, peer,
                           {.transport = Transport::Udp, .time_ns = seconds * kSecond});
  };
  CHECK(carried(12));
  program.sockets.event({.what = with_ends(unseen(SOCK_DGRAM, 8 * kSecond, 11 * kSecond), port)});
  CHECK_FALSE(carried(7));
  CHECK(carried(10));
  CHECK_FALSE(carried(12));
}
