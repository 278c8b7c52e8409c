// SPDX-License-Identifier: Apache-2.0
#include <sys/un.h>

#include <cerrno>

#include "tests/unit/catch2.h"
#include "tests/unit/session/recorded_session.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint32_t kClient = Scene::kClient;
constexpr size_t kPlenty = size_t{1} << 30;

// "socket", "> send 0-4": the names of a connection's calls, with what they moved.
std::vector<std::string> calls_of(const Session& session, uint64_t connection) {
  std::vector<std::string> names;
  const Kept<uint64_t>& all = session.find_connection(connection)->calls->all;
  for (uint64_t at = all.begin(); at < all.end(); ++at) {
    const TracedCall* call = session.calls().find(*all.find(at));
    std::string name = call->role == Role::Client ? "client " : "server ";
    name += call->name;
    if (call->moved)
      name += " " + std::to_string(call->moved->range.begin) + "-" +
              std::to_string(call->moved->range.end);
    names.push_back(name);
  }
  return names;
}

struct Talk : Connected {
  Talk() {
    call(send(5, 2), kClient);
    from_client(wire, kAck, "ab");
    call(send(5, 2), kClient);
    from_client(wire, kAck, "c\n");
    call(recv(4, 4), kServer);
  }
};

}  // namespace

TEST_CASE("a connection has the calls of both ends, from its socket on, with what they moved") {
  Session session(kPlenty);
  fill(session, Talk());
  CHECK(calls_of(session, 1) == std::vector<std::string>{"client socket", "client connect",
                                                         "server accept", "client send 0-2",
                                                         "client send 2-4", "server recv 0-4"});
  CHECK(session.totals().calls == 7);  // with the listener's socket
}

TEST_CASE("a call has the line that wireseam trace prints") {
  Session session(kPlenty);
  fill(session, Talk());
  const TracedCall* first = session.calls().find(0);
  CHECK(first->text == "socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5");
}

TEST_CASE("a frame knows how many sends made it and how many receives took it") {
  Session session(kPlenty);
  fill(session, Talk());
  const FrameRecord& frame = session.frames().back();
  CHECK(frame.range == ByteRange{0, 4});
  CHECK(frame.sends == 2);
  CHECK(frame.receives == 1);
  REQUIRE(frame.cuts);
  CHECK(frame.cuts->split);
  CHECK_FALSE(frame.cuts->partial);
}

TEST_CASE("a connect that returns before its SYN is stamped is of the one connection") {
  Scene scene;
  scene.connects(5, 10);
  Wire wire;
  scene.shake_hands(wire);
  Session session(kPlenty);
  fill(session, scene);
  CHECK(session.connections().size() == 1);
  CHECK(session.totals().connections == 1);
  CHECK(calls_of(session, session.connections().begin()->first) ==
        std::vector<std::string>{"client socket", "client connect"});
}

TEST_CASE("a refused connect without packets is a connection, and says so") {
  Scene scene;
  scene.call(Scene::made_socket(5, 10), kClient);
  scene.call(EventBuilder("connect")
                 .arguments({5, kPointer, 16})
                 .value(1, loopback(80))
                 .fails(ECONNREFUSED),
             kClient);
  Session session(kPlenty);
  fill(session, scene);
  REQUIRE(session.connections().size() == 1);
  const ConnectionRecord& record = session.connections().begin()->second;
  CHECK(record.state == "refused");
  CHECK(record.calls->server == "127.0.0.1:80");
  CHECK(calls_of(session, record.id) ==
        std::vector<std::string>{"client socket", "client connect"});
}

TEST_CASE("the oldest calls fall away to keep the memory bounded, and counts stay right") {
  constexpr int kSends = 30'000;
  Connected scene;
  for (int i = 0; i < kSends; ++i) scene.call(send(5, 1), kClient);
  Session session(size_t{2} << 20);
  fill(session, scene);
  CHECK(session.totals().calls == kSends + 4);
  CHECK(session.calls().begin() > kSends / 2);
  CHECK(session.calls().size() > 1000);
  const CallsRecord& calls = *session.find_connection(1)->calls;
  CHECK(calls.party(Role::Client).sent == kSends);
  CHECK(calls.all.front() >= session.calls().begin());
}
