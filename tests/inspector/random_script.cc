// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/random_script.h"

#include <random>

namespace wireseam::test {
namespace {

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  uint64_t between(uint64_t least, uint64_t most) {
    return std::uniform_int_distribution<uint64_t>(least, most)(random_);
  }
  double share(double most) { return std::uniform_real_distribution<double>(0, most)(random_); }
  bool happens(double share) { return std::bernoulli_distribution(share)(random_); }

 private:
  std::mt19937_64 random_;
};

std::vector<Write> random_writes(Dice& dice, size_t count, uint64_t most_size) {
  std::vector<Write> writes;
  uint64_t time_ns = 20 * kMillisecond;
  for (size_t i = 0; i < count; ++i) {
    if (dice.happens(0.2)) time_ns += dice.between(0, 30 * kMillisecond);
    writes.push_back({time_ns, static_cast<uint32_t>(dice.between(1, most_size))});
  }
  return writes;
}

EndScript random_end(Dice& dice, IpIds ids, bool timestamps) {
  EndScript end;
  // Half of the streams wrap soon.
  end.isn = static_cast<uint32_t>(dice.happens(0.5) ? dice.between(0, UINT32_MAX)
                                                    : UINT32_MAX - dice.between(0, 100'000));
  end.first_ip_id = static_cast<uint16_t>(dice.between(0, UINT16_MAX));
  end.mss = static_cast<uint16_t>(dice.happens(0.7) ? 1448 : dice.between(100, 8948));
  end.ip_ids = ids;
  end.timestamps = timestamps;
  end.sack = dice.happens(0.8);
  return end;
}

Path lossy(Dice& dice, uint64_t delay_ns) {
  Path path;
  path.delay_ns = delay_ns;
  path.lost = dice.share(0.04);
  path.duplicated = dice.share(0.04);
  path.delayed = dice.share(0.05);
  path.most_extra_ns = dice.between(kMillisecond, 8 * kMillisecond);
  return path;
}

Path perfect() {
  Path path;
  path.delay_ns = 5 * kMicrosecond;
  return path;
}

}  // namespace

Script random_script(uint64_t seed, CapturedAt at) {
  Dice dice(seed);
  Script script;
  script.seed = seed;
  script.client = random_end(dice, IpIds::Counter, true);
  script.server = random_end(dice, IpIds::Counter, true);
  script.client.writes = random_writes(dice, dice.between(10, 150), 8'000);
  script.server.writes = random_writes(dice, dice.between(0, 20), 3'000);
  script.client.closing = Closing::Fin;
  const uint64_t delay_ns = dice.between(100 * kMicrosecond, 20 * kMillisecond);
  script.client_side = at == CapturedAt::Sender ? perfect() : lossy(dice, delay_ns);
  script.server_side = at == CapturedAt::Receiver ? perfect() : lossy(dice, delay_ns);
  return script;
}

}  // namespace wireseam::test
