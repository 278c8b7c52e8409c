// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/simulation/simulation.h"

#include <algorithm>
#include <random>

#include "tests/inspector/simulation/endpoint.h"

namespace wireseam::test {
namespace {

constexpr uint64_t kEpochNs = 1'700'000'000'000'000'000;

class Network {
 public:
  explicit Network(const Script& script)
      : script_(script),
        random_(script.seed),
        client_(events_, script.client, Direction::ToServer, script.seed * 2 + 1,
                [this](const Datagram& datagram) { leave(datagram); }),
        server_(events_, script.server, Direction::ToClient, script.seed * 2 + 2,
                [this](const Datagram& datagram) { leave(datagram); }) {}

  Simulated run();

 private:
  void leave(const Datagram& datagram);
  void capture(const Datagram& datagram);
  void arrive(const Datagram& datagram);
  void travel(const Path& path, const Datagram& datagram, void (Network::*then)(const Datagram&));
  bool happens(double share) { return std::bernoulli_distribution(share)(random_); }

  const Script& script_;
  std::mt19937_64 random_;
  Events events_;
  Endpoint client_;
  Endpoint server_;
  uint64_t seen_acked_[2] = {0, 0};  // by Direction: positions
  Simulated result_;
};

Simulated Network::run() {
  if (script_.opening == Opening::Refused) server_.refuse_all();
  if (script_.opening == Opening::NoAnswer) server_.vanish();
  client_.open();
  if (script_.opening == Opening::Simultaneous) server_.open();
  if (script_.opening == Opening::HalfOpen) events_.after(1, [this] { client_.vanish(); });
  events_.run_until(script_.last_ns);
  result_.written[0] = client_.written();
  result_.written[1] = server_.written();
  result_.received[0] = server_.received();
  result_.received[1] = client_.received();
  return std::move(result_);
}

void Network::leave(const Datagram& datagram) {
  const bool to_server = datagram.truth.direction == Direction::ToServer;
  travel(to_server ? script_.client_side : script_.server_side, datagram, &Network::capture);
}

void Network::travel(const Path& path, const Datagram& datagram,
                     void (Network::*then)(const Datagram&)) {
  if (happens(path.lost)) return;
  const int copies = happens(path.duplicated) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    uint64_t delay_ns = path.delay_ns;
    if (happens(path.delayed))
      delay_ns += std::uniform_int_distribution<uint64_t>(0, path.most_extra_ns)(random_);
    events_.after(delay_ns, [this, datagram, then] { (this->*then)(datagram); });
  }
}

void Network::capture(const Datagram& datagram) {
  const bool to_server = datagram.truth.direction == Direction::ToServer;
  if (!happens(script_.not_captured)) {
    CapturedPacket captured{kEpochNs + events_.now_ns(), bytes_of(datagram, script_),
                            datagram.truth};
    captured.truth.known_received =
        datagram.end() > datagram.position && datagram.end() <= seen_acked_[to_server ? 0 : 1];
    uint64_t& seen = seen_acked_[to_server ? 1 : 0];
    if ((datagram.flags & kAck) != 0) seen = std::max(seen, datagram.ack);
    result_.packets.push_back(std::move(captured));
  }
  travel(to_server ? script_.server_side : script_.client_side, datagram, &Network::arrive);
}

void Network::arrive(const Datagram& datagram) {
  (datagram.truth.direction == Direction::ToServer ? server_ : client_).receive(datagram);
}

}  // namespace

Simulated simulate(const Script& script) { return Network(script).run(); }

}  // namespace wireseam::test
