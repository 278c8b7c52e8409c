// SPDX-License-Identifier: Apache-2.0
// Calls that went on at the same time, and connections that are seen by other addresses than those
// that their sockets have.
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

class Said final : public ReportSink {
 public:
  void sent(const Conversation&, Direction, const CallSpan& call, const Beside&) override {
    sends.push_back(call);
  }
  void joined(const Conversation& talk) override { talks.push_back({talk.id, talk.parties}); }

  std::vector<CallSpan> sends;
  std::vector<std::pair<uint64_t, std::array<Party, 2>>> talks;
};

Said said_of(const Scene& scene) {
  Said said;
  scene.play("raw", said);
  return said;
}

EventBuilder sends(std::string_view bytes) {
  constexpr size_t kRecorded = 32;
  return send(5, static_cast<int64_t>(bytes.size()))
      .blob(1, BlobPart::Value, bytes.substr(0, kRecorded), 0, bytes.size());
}

// Two threads send at the same time; which of them was first only the wire tells.
Said said_of_both(std::string_view first_back, std::string_view last_back, std::string_view wire) {
  Connected scene;
  const uint64_t begin_ns = scene.now_;
  scene.from_client(scene.wire, kAck, wire);
  scene.call(sends(first_back), kClient, 11);
  EventBuilder slow = sends(last_back);
  slow.process(kClient, 12).begins(begin_ns).lasts(scene.now_ + 1000 - begin_ns);
  scene.add(slow, kClient);
  scene.now_ += 2000;
  scene.call(sends("next"), kClient, 11);
  scene.from_client(scene.wire, kAck, "next");
  return said_of(scene);
}

}  // namespace

TEST_CASE("Calls that went on at the same time lie in the order of their bytes on the wire") {
  const Said said = said_of_both("quick", "slow was first", "slow was firstquick");
  REQUIRE(said.sends.size() == 3);
  CHECK(said.sends[0].range == ByteRange{0, 14});
  CHECK(said.sends[0].tid == 12);
  CHECK_FALSE(said.sends[0].unordered);
  CHECK(said.sends[1].range == ByteRange{14, 19});
  CHECK(said.sends[1].tid == 11);
  CHECK(said.sends[2].range == ByteRange{19, 23});
}

TEST_CASE("Of calls at the same time with the same bytes nobody knows which was first") {
  const Said said = said_of_both("alike", "alike", "alikealike");
  REQUIRE(said.sends.size() == 3);
  CHECK(said.sends[0].unordered);
  CHECK_FALSE(said.sends[2].unordered);
}

TEST_CASE("Calls at the same time whose bytes are mixed have no place, and the next one has") {
  const Said said = said_of_both("quick", "slow", "quslowick");
  REQUIRE(said.sends.size() == 1);
  CHECK(said.sends[0].range == ByteRange{9, 13});
  const Placement& place = said.talks[0].second[0].place(Way::Sent);
  CHECK(place.doubt == Doubt::Overlap);
  CHECK(place.unplaced_calls == 2);
  CHECK(place.unplaced_bytes == 9);
}

TEST_CASE("A long call among others is laid only where the next one begins behind it") {
  const std::string first = "one " + std::string(40, 'a'), other = "two " + std::string(40, 'b');
  const auto said_of_long = [&](std::string_view wire) {
    return said_of_both(std::string_view(first), std::string_view(other), wire);
  };
  CHECK(said_of_long(other + first).sends.size() == 3);
  const std::string mixed = first.substr(0, 35) + other + first.substr(35);
  CHECK(said_of_long(mixed).sends.size() == 1);
}

TEST_CASE("A connection that its host sends to another address is that of its client's socket") {
  Scene scene;
  scene.begins(kClient, "client");
  scene.begins(kServer, "server");
  scene.call(Scene::made_socket(5, 10), kClient);
  scene.listens();
  Wire wire;
  scene.shake_hands(wire);
  scene.call(Scene::connected(5, 10, 40000, 9999), kClient);
  scene.accepts(4, 20);
  const Said said = said_of(scene);
  REQUIRE(said.talks.size() == 1);
  for (const Party& party : said.talks[0].second) CHECK(party.state == Party::State::Traced);
}

TEST_CASE("Of a connection that is captured on both sides of a translation each half tells of it") {
  Scene scene;
  scene.begins(kClient, "client");
  scene.begins(kServer, "server");
  scene.call(Scene::made_socket(5, 10), kClient);
  scene.listens();
  Wire before;
  Wire behind{.client_port = 41000};
  scene.shake_hands(before);
  scene.shake_hands(behind);
  scene.call(Scene::connected(5, 10, 40000), kClient);
  scene.accepts(4, 20, 41000);
  const Said said = said_of(scene);
  REQUIRE(said.talks.size() == 2);
  const auto& [first, first_parties] = said.talks[0];
  const auto& [second, second_parties] = said.talks[1];
  CHECK(first_parties[1].traced_in == second);
  CHECK(second_parties[0].traced_in == first);
}
