// SPDX-License-Identifier: Apache-2.0
// Passes each line on to all clients but its sender, as "NAME: LINE".
#include <fmt/format.h>

#include <algorithm>

#include "samples/chat.h"
#include "samples/epoll_server.h"
#include "samples/lines.h"

namespace wireseam::samples {
namespace {

constexpr size_t kMaxLine = size_t{64} << 10;  // bytes; a longer one is passed on in pieces

struct Talker {
  std::string name;
  Lines lines = {};
};

class Relay : public EpollServer {
 public:
  using EpollServer::EpollServer;

 private:
  void received(EpollClient& client, std::span<char> bytes) override;
  void left(const EpollClient& client) override;

  Talker& talker_of(const EpollClient& client);
  void take_line(ClientId sender, Talker& talker, std::string line);
  void pass_on(ClientId sender, const std::string& line);

  std::unordered_map<ClientId, Talker> talkers_;  // those who have said something
};

// The address; UNIX sockets mostly have none.
std::string first_name(const EpollClient& client) {
  const std::string& peer = client.connection.peer;
  const std::string address = peer.substr(peer.find(':') + 1);
  return address == "(unnamed)" ? fmt::format("client {}", client.id) : address;
}

void Relay::received(EpollClient& client, std::span<char> bytes) {
  Talker& talker = talker_of(client);
  talker.lines.add({bytes.data(), bytes.size()});
  while (auto line = talker.lines.next()) take_line(client.id, talker, std::move(*line));
  if (talker.lines.rest().size() > kMaxLine) take_line(client.id, talker, talker.lines.take_rest());
}

void Relay::left(const EpollClient& client) {
  const auto found = talkers_.find(client.id);
  if (found == talkers_.end()) return;
  Talker& talker = found->second;
  if (!talker.lines.rest().empty()) take_line(client.id, talker, talker.lines.take_rest());
  talkers_.erase(found);
}

Talker& Relay::talker_of(const EpollClient& client) {
  const auto found = talkers_.find(client.id);
  if (found != talkers_.end()) return found->second;
  return talkers_.emplace(client.id, Talker{first_name(client)}).first->second;
}

void Relay::take_line(ClientId sender, Talker& talker, std::string line) {
  // Nobody's terminal shall obey another one's escape sequences.
  std::ranges::replace_if(
      line, [](unsigned char byte) { return byte < 0x20 || byte == 0x7f; }, ' ');
  if (line.starts_with(kNameLine))
    talker.name = line.substr(kNameLine.size());
  else
    pass_on(sender, fmt::format("{}: {}\n", talker.name, line));
}

void Relay::pass_on(ClientId sender, const std::string& line) {
  for (auto& [id, client] : clients()) {
    if (id != sender && client.admitted()) queue(client, line);
  }
}

}  // namespace

void relay(const Listener& listener, size_t recv_size, const std::optional<std::string>& key) {
  Relay(listener, recv_size, key).run();
}

}  // namespace wireseam::samples
