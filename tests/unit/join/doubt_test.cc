// SPDX-License-Identifier: Apache-2.0
// Calls that were missed, and what shows it: from there on nobody knows where calls' bytes lie.
#include <array>
#include <string>
#include <vector>

#include "tests/unit/catch2.h"
#include "tests/unit/join/scene.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint32_t kClient = Scene::kClient;
constexpr uint32_t kServer = Scene::kServer;
constexpr uint64_t kWhile = 1'000'000;  // more than two clocks are apart

class Said final : public ReportSink {
 public:
  void sent(const Conversation&, Direction, const CallSpan& call, const Beside&) override {
    sends.push_back(call.range);
  }
  void received(const Conversation&, Direction, const CallSpan& call, const Beside&) override {
    receives.push_back(call.range);
  }
  void joined(const Conversation& talk) override { parties = talk.parties; }
  void summary(const CaptureSummary& summary) override { unplaced = summary.unplaced; }

  const Placement& place(Role role, Way way) const {
    return parties[static_cast<size_t>(role)].place(way);
  }

  std::vector<ByteRange> sends, receives;
  std::array<Party, 2> parties;
  UnplacedTotals unplaced;
};

Said said_of(const Scene& scene) {
  Said said;
  scene.play("line", said);
  return said;
}

EventBuilder sends(std::string_view bytes) {
  return send(5, static_cast<int64_t>(bytes.size())).blob(1, BlobPart::Value, bytes);
}

EventBuilder receives(std::string_view bytes) {
  return recv(4, static_cast<int64_t>(bytes.size())).blob(1, BlobPart::Value, bytes);
}

void end_in_order(Connected& scene) {
  scene.from_client(scene.wire, kFin | kAck);
  scene.from_server(scene.wire, kFin | kAck);
  scene.from_client(scene.wire, kAck);
}

}  // namespace

TEST_CASE("A send that began after its bytes were captured is of other bytes") {
  Connected scene;
  scene.from_client(scene.wire, kAck, "abcd");
  scene.call(sends("abcd"), kClient);
  scene.from_client(scene.wire, kAck, "past");  // by nobody's call
  scene.now_ += kWhile;
  scene.call(sends("past"), kClient);
  const Said said = said_of(scene);
  const Placement& place = said.place(Role::Client, Way::Sent);
  CHECK(said.sends == std::vector<ByteRange>{{0, 4}});
  CHECK(place.doubt == Doubt::EarlySegment);
  CHECK(place.known_until == 4);
  CHECK(place.unplaced_bytes == 4);
  CHECK(said.unplaced.calls == 1);
}

TEST_CASE("A send that is stamped a moment after its segment contradicts nothing") {
  Connected scene;
  scene.from_client(scene.wire, kAck, "abcd");
  scene.call(sends("abcd"), kClient);
  CHECK(said_of(scene).parties[0].aligned());
}

TEST_CASE("Where other bytes lie than a call's nobody knows where those are") {
  Connected scene;
  scene.from_client(scene.wire, kAck, "other bytes");
  scene.call(sends("these"), kClient);
  scene.call(receives("those"), kServer);
  const Said said = said_of(scene);
  CHECK(said.sends.empty());
  CHECK(said.receives.empty());
  CHECK(said.place(Role::Client, Way::Sent).doubt == Doubt::OtherBytes);
  CHECK(said.place(Role::Server, Way::Received).doubt == Doubt::OtherBytes);
}

TEST_CASE("Bytes that come later are held against those of the call, too") {
  Connected scene;
  scene.call(sends("these"), kClient);
  scene.from_client(scene.wire, kAck, "others");
  CHECK(said_of(scene).place(Role::Client, Way::Sent).doubt == Doubt::OtherBytes);
}

TEST_CASE("A call whose bytes are found in the stream once has its place again") {
  const std::string own = "HTTP/1.1 200 OK\r\n";
  Connected scene;
  scene.from_client(scene.wire, kAck, "by nobody's call; " + own + "more");
  scene.call(sends(own), kClient);
  scene.from_client(scene.wire, kAck, "end");
  const Said said = said_of(scene);
  CHECK(said.sends == std::vector<ByteRange>{{18, 18 + own.size()}});
  CHECK_FALSE(said.parties[0].aligned());
  CHECK(said.place(Role::Client, Way::Sent).known_from == 18);
}

TEST_CASE("Bytes that are there twice, or few, give no call its place again") {
  const std::string own = "HTTP/1.1 200 OK\r\n";
  for (const std::string& text : {own, std::string("few")}) {
    Connected scene;
    scene.from_client(scene.wire, kAck, "by nobody; " + text + (text == own ? text : ""));
    scene.call(sends(text), kClient);
    CHECK(said_of(scene).sends.empty());
  }
}

TEST_CASE("A stream that is longer than all sends together has bytes of none") {
  Connected scene;
  scene.from_client(scene.wire, kAck, "abcd");
  scene.call(sends("abcd"), kClient);
  scene.from_client(scene.wire, kAck, "past");
  scene.call(Scene::closing(5), kClient);
  end_in_order(scene);
  const Said said = said_of(scene);
  CHECK(said.sends == std::vector<ByteRange>{{0, 4}});
  CHECK(said.place(Role::Client, Way::Sent).doubt == Doubt::OtherSum);
  CHECK(said.place(Role::Client, Way::Sent).known_until == 4);
}

TEST_CASE("A receive that returned less than had been acknowledged is not of those bytes") {
  Connected scene;
  scene.from_client(scene.wire, kAck, "aaaabbbb");
  scene.from_server(scene.wire, kAck);
  scene.now_ += kWhile;
  scene.call(recv(4, 4), kServer);
  CHECK(said_of(scene).place(Role::Server, Way::Received).doubt == Doubt::ShortReceive);
}

TEST_CASE("Who closes in order has left nothing unread, whatever the calls say") {
  Connected scene;
  scene.from_client(scene.wire, kAck, "abcd");
  scene.call(Scene::closing(4), kServer);
  scene.from_server(scene.wire, kFin | kAck);
  scene.from_client(scene.wire, kFin | kAck);
  scene.from_server(scene.wire, kAck);
  CHECK(said_of(scene).place(Role::Server, Way::Received).doubt == Doubt::UnreadAndNoRst);
}

TEST_CASE("Calls that were lost end certainty for every socket, and for its end") {
  Connected scene;
  scene.call(sends("abcd"), kClient);
  scene.from_client(scene.wire, kAck, "abcd");
  scene.call(receives("abcd"), kServer);
  scene.lose(3);
  scene.dies(kClient);
  scene.dies(kServer);
  const Said said = said_of(scene);
  CHECK(said.sends.size() == 1);
  for (const Party& party : said.parties) {
    CHECK(party.place(Way::Sent).doubt == Doubt::LostCalls);
    CHECK(party.place(Way::Received).doubt == Doubt::LostCalls);
    CHECK_FALSE(party.end.seen());
  }
}
