// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/zoo.h"

#include <algorithm>
#include <iterator>

#include "tests/inspector/random_script.h"

namespace wireseam::test {
namespace {

// What makes a script another animal.
using Change = void (*)(Script&);

void change_ids(Script& script, IpIds ids) { script.client.ip_ids = script.server.ip_ids = ids; }

void stall_reader(Script& script) {
  script.server.receive_buffer = 20'000;
  script.server.reads_from_ns = 4 * kSecond;
}

void keep_alive(Script& script) {
  script.client.keep_alive_ns = 2 * kSecond;
  script.client.close_ns = 15 * kSecond;
}

void drop_options(Script& script) {
  for (EndScript* end : {&script.client, &script.server}) {
    end->timestamps = end->sack = false;
    end->window_shift = 0;
  }
}

constexpr Change kAnimals[] = {
    [](Script&) {},
    [](Script& script) { change_ids(script, IpIds::Random); },
    [](Script& script) { change_ids(script, IpIds::Zero); },
    [](Script& script) { change_ids(script, IpIds::None); },
    drop_options,
    stall_reader,
    keep_alive,
    [](Script& script) { script.not_captured = 0.02; },
    [](Script& script) { script.opening = Opening::Simultaneous; },
    [](Script& script) { script.opening = Opening::Refused; },
    [](Script& script) { script.opening = Opening::NoAnswer; },
    [](Script& script) { script.opening = Opening::HalfOpen; },
    [](Script& script) {
      script.server.closing = Closing::Rst;
      script.server.close_ns = 150 * kMillisecond;
    },
    [](Script& script) { script.server.closing = Closing::Fin; },
    [](Script& script) { script.server.closing = Closing::Never; },
};

constexpr uint16_t kFirstPort = 40'000;
constexpr uint64_t kReusedAfterNs = 200 * kSecond;

void add(std::vector<CapturedPacket>& all, const Script& script, uint64_t later_ns) {
  for (CapturedPacket& packet : simulate(script).packets) {
    packet.time_ns += later_ns;
    all.push_back(std::move(packet));
  }
}

}  // namespace

std::vector<CapturedPacket> zoo(uint64_t seed) {
  std::vector<CapturedPacket> all;
  uint16_t port = kFirstPort;
  for (const CapturedAt at : {CapturedAt::Sender, CapturedAt::Receiver, CapturedAt::Middle})
    for (const Change change : kAnimals) {
      Script script = random_script(seed * 1'000 + port, at);
      script.client_port = port++;
      change(script);
      add(all, script, script.seed % 50 * kMillisecond);
    }
  Script reused = random_script(seed, CapturedAt::Middle);
  reused.client_port = kFirstPort;
  add(all, reused, kReusedAfterNs);
  std::ranges::stable_sort(all, {}, &CapturedPacket::time_ns);
  return all;
}

}  // namespace wireseam::test
