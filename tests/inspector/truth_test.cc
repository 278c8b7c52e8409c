// SPDX-License-Identifier: Apache-2.0
// The engine against simulated connections whose truth is known. WIRESEAM_SEEDS=FIRST-LAST tries
// other seeds than the usual few; one that fails belongs into kFailedBefore.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/inspector/analysis.h"
#include "tests/inspector/random_script.h"
#include "tests/unit/catch2.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

const std::vector<uint64_t> kFailedBefore{};

std::vector<uint64_t> seeds() {
  unsigned long first = 1;
  unsigned long last = 40;
  const char* asked = std::getenv("WIRESEAM_SEEDS");
  if (asked != nullptr && std::sscanf(asked, "%lu-%lu", &first, &last) != 2)
    FAIL("WIRESEAM_SEEDS is not FIRST-LAST: " << asked);
  std::vector<uint64_t> all = kFailedBefore;
  for (uint64_t seed = first; seed <= last; ++seed) all.push_back(seed);
  return all;
}

void show_wrong(uint64_t seed, const Simulated& simulated, const Analysis& analysis) {
  const std::vector<Truth> truths = truths_of(simulated.packets);
  for (size_t i = 0; i < truths.size(); ++i) {
    const Segment& segment = analysis.segments[i];
    if (Confusion::is_right(truths[i], segment.cause)) continue;
    std::printf("seed %lu packet %zu: %s is called %s; %lu-%lu, flags 0x%x, reason %d\n", seed,
                i + 1, std::string(to_string(truths[i])).c_str(),
                std::string(to_string(segment.cause)).c_str(), segment.range.begin,
                segment.range.end, unsigned{segment.flags},
                static_cast<int>(simulated.packets[i].truth.reason));
  }
}

void check_bytes(const Simulated& simulated, const Analysis& analysis) {
  CHECK(analysis.connections == 1);
  CHECK(analysis.wrong_bytes == 0);
  CHECK(analysis.out_of_order == 0);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    CAPTURE(direction);
    const auto way = static_cast<size_t>(direction);
    CHECK(analysis.gaps[way] == not_captured(simulated.packets, direction));
    CHECK(analysis.ends[way] == simulated.written[way]);
  }
}

// Plays a script for each seed; what was said of all of them.
template <typename MakeScript>
Confusion try_seeds(MakeScript make_script) {
  Confusion all;
  for (const uint64_t seed : seeds()) {
    INFO("seed " << seed);
    const Simulated simulated = simulate(make_script(seed));
    const Analysis analysis = analyse(simulated.packets);
    check_bytes(simulated, analysis);
    all.add(confusion_of(simulated.packets, analysis));
    if (std::getenv("WIRESEAM_SHOW") != nullptr) show_wrong(seed, simulated, analysis);
  }
  return all;
}

void check_causes(const Confusion& confusion, double least) {
  INFO(confusion.text());
  if (std::getenv("WIRESEAM_SHOW") != nullptr) std::printf("%s\n", confusion.text().c_str());
  CHECK(confusion.right(Truth::Retransmission) >= least);
  CHECK(confusion.right(Truth::Reordered) >= least);
  CHECK(confusion.right(Truth::NetworkDuplicate) >= least);
  CHECK(confusion.right(Truth::Either) >= least);
  CHECK(confusion.right(Truth::Forward) >= 0.999);
}

Script with_ids(Script script, IpIds ids, bool timestamps) {
  script.client.ip_ids = script.server.ip_ids = ids;
  script.client.timestamps = script.server.timestamps = timestamps;
  return script;
}

}  // namespace

TEST_CASE("causes and bytes are right at the sender's end") {
  check_causes(try_seeds([](uint64_t seed) { return random_script(seed, CapturedAt::Sender); }),
               0.98);
}

TEST_CASE("causes and bytes are right at the receiver's end") {
  check_causes(try_seeds([](uint64_t seed) { return random_script(seed, CapturedAt::Receiver); }),
               0.98);
}

TEST_CASE("causes and bytes are right in the middle of the network") {
  check_causes(try_seeds([](uint64_t seed) { return random_script(seed, CapturedAt::Middle); }),
               0.98);
}

TEST_CASE("timestamps tell the order where IP IDs are random, zero or absent") {
  for (const IpIds ids : {IpIds::Random, IpIds::Zero, IpIds::None})
    for (const CapturedAt at : {CapturedAt::Sender, CapturedAt::Receiver}) {
      CAPTURE(static_cast<int>(ids), static_cast<int>(at));
      check_causes(
          try_seeds([&](uint64_t seed) { return with_ids(random_script(seed, at), ids, true); }),
          0.98);
    }
}

TEST_CASE("IP IDs alone tell the order") {
  for (const CapturedAt at : {CapturedAt::Sender, CapturedAt::Receiver})
    check_causes(try_seeds([&](uint64_t seed) {
                   return with_ids(random_script(seed, at), IpIds::Counter, false);
                 }),
                 0.98);
}
