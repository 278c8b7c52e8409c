// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/traced_sockets.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "common/endpoint.h"

namespace wireseam {
namespace {

// The kernel stamps a packet while the call is made, but by another clock than the shim's.
constexpr uint64_t kClockSlackNs = 1'000'000;
// A packet leaves later than its call where the peer's link address must be asked for first.
constexpr uint64_t kDepartureNs = 200'000'000;

constexpr std::array<uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_any(const SocketEnd& end) { return end.address == IpAddress{}; }

SocketEnd from_ipv6(const Endpoint& endpoint) {
  SocketEnd end{IpVersion::V6, {endpoint.address}, endpoint.port};
  if (is_any(end)) {
    end.version = IpVersion::None;
  } else if (std::ranges::equal(kMappedPrefix, std::span(endpoint.address).first<12>())) {
    end = {IpVersion::V4, {}, endpoint.port};
    std::copy_n(endpoint.address.begin() + 12, 4, end.address.bytes.begin());
  }
  return end;
}

// Whoever sends to no address in particular reaches itself (connect(2), ip(7)).
SocketEnd destination(SocketEnd end) {
  if (!is_any(end)) return end;
  if (end.version == IpVersion::None) {
    end.version = IpVersion::V6;
    end.address.bytes[15] = 1;
  } else {
    end.address.bytes = {127, 0, 0, 1};
  }
  return end;
}

bool is_loopback_or_group(const SocketEnd& end) {
  const auto& bytes = end.address.bytes;
  if (end.version == IpVersion::V6) return bytes[0] == 0xff;
  return bytes[0] == 127 || (bytes[0] & 0xf0) == 0xe0 || bytes[0] == 255;
}

std::vector<Transport> transports_of(const Socket& socket) {
  if (socket.type == SOCK_STREAM) return {Transport::Tcp};
  if (socket.type == SOCK_DGRAM) return {Transport::Udp};
  if (socket.type < 0) return {Transport::Tcp, Transport::Udp};
  return {};
}

size_t hash_of(const Socket& socket) {
  const auto hash = [](const std::vector<std::byte>& name) {
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(name.data()), name.size()});
  };
  return hash(socket.local) * 31 + hash(socket.peer) + 1;
}

// Where a call was told to send to or to connect to.
std::vector<SocketEnd> destinations_of(const CallEvent& call) {
  if (call.info == nullptr || call.number == CallNumber::bind) return {};
  std::vector<SocketEnd> ends;
  const auto parameters = call.info->parameters();
  for (const Blob& blob : call.blobs) {
    if (blob.parameter >= parameters.size()) continue;
    using enum ParameterKind;
    const ParameterKind kind = parameters[blob.parameter].kind;
    const bool is_name = (kind == AddressIn && blob.part == BlobPart::Value) ||
                         ((kind == MessageIn || kind == MessagesIn) && blob.part == BlobPart::Name);
    const auto end = is_name ? socket_end(blob.bytes) : std::nullopt;
    if (end && end->port != 0) ends.push_back(destination(*end));
  }
  return ends;
}

bool sends_one_datagram(const CallEvent& call) {
  return call.state == CallState::Returned && !call.failed() &&
         call.number != CallNumber::sendmmsg && call.number != CallNumber::connect;
}

}  // namespace

std::optional<SocketEnd> socket_end(std::span<const std::byte> sockaddr) {
  const auto endpoint = endpoint_from_sockaddr(sockaddr);
  if (!endpoint) return std::nullopt;
  if (endpoint->family == AddressFamily::Inet)
    return SocketEnd{IpVersion::V4, {endpoint->address}, endpoint->port};
  if (endpoint->family == AddressFamily::Inet6) return from_ipv6(*endpoint);
  return std::nullopt;
}

TracedSockets::TracedSockets(std::vector<SocketEnd> host) : host_(std::move(host)) {}

// From the trace ----------------------------------------------------------------------------------

void TracedSockets::event(const Event& event) {
  if (const auto* unseen = std::get_if<UnseenSocketEvent>(&event.what)) return note(*unseen);
  const CallSockets about = table_.apply(event);
  const auto* call = std::get_if<CallEvent>(&event.what);
  if (call == nullptr) return;
  for (const auto& made : about.made) note(*made.socket, event.time_ns);
  if (about.socket == nullptr) return;
  note(*about.socket, event.time_ns);
  note_attempts(event, *call, *about.socket);
}

// A socket with a local name alone is a listener, or about to be one, or it connects later: nobody
// else has its port.
void TracedSockets::note(const Socket& socket, uint64_t time_ns) {
  KnownSocket& known = sockets_[socket.id];
  if (known.names == 0) known.first_ns = time_ns;
  const size_t names = hash_of(socket);
  if (known.names == names) return;
  known.names = names;
  const auto local = socket_end(socket.local);
  const auto peer = socket_end(socket.peer);
  if (!local || local->port == 0) return;
  for (const Transport transport : transports_of(socket)) {
    if (peer && peer->port != 0)
      add_flow({transport, *local, *peer});
    else
      open_port({transport, *local}, known.first_ns);
  }
}

// Its connections go on when it is closed; its port may be another's then.
void TracedSockets::note(const UnseenSocketEvent& socket) {
  const auto local = socket_end(socket.local());
  const auto peer = socket_end(socket.peer());
  if (!local || local->port == 0) return;
  const Transport transport = socket.identity.type == SOCK_DGRAM ? Transport::Udp : Transport::Tcp;
  if (peer && peer->port != 0)
    add_flow({transport, *local, *peer}, socket.since_ns);
  else
    open_unseen_port({transport, *local}, {socket.since_ns, socket.until_ns});
}

void TracedSockets::note_attempts(const Event& event, const CallEvent& call, const Socket& socket) {
  const uint64_t end_ns = event.time_ns + call.duration_ns + kDepartureNs;
  Attempt attempt{.from_ns = event.time_ns - std::min(event.time_ns, kClockSlackNs),
                  .until_ns = call.state == CallState::Returned ? end_ns : UINT64_MAX,
                  .payload = std::nullopt};
  if (sends_one_datagram(call)) attempt.payload = static_cast<uint64_t>(call.result);
  for (const SocketEnd& peer : destinations_of(call)) note_attempt(socket, peer, attempt);
}

void TracedSockets::note_attempt(const Socket& socket, const SocketEnd& peer,
                                 const Attempt& attempt) {
  const auto local = socket_end(socket.local);
  for (const Transport transport : transports_of(socket)) {
    if (local && local->port != 0)
      add_flow({transport, *local, peer});
    else
      attempts_.emplace(Port{transport, peer}, attempt);
  }
}

void TracedSockets::add_flow(const Flow& flow, uint64_t since_ns) {
  uint64_t& since = flows_.try_emplace(flow, since_ns).first->second;
  since = std::min(since, since_ns);
  local_ports_.set(flow.local.port);
}

void TracedSockets::open_port(const Port& port, uint64_t since_ns) {
  open_ports_.try_emplace(port, since_ns);
  local_ports_.set(port.second.port);
}

// A socket is told again when it is gone.
void TracedSockets::open_unseen_port(const Port& port, const Interval& time) {
  const auto [first, end] = unseen_ports_.equal_range(port);
  const auto known = std::find_if(
      first, end, [&](const auto& open) { return open.second.since_ns == time.since_ns; });
  if (known == end)
    unseen_ports_.emplace(port, time);
  else
    known->second.until_ns = time.until_ns;
  local_ports_.set(port.second.port);
}

bool TracedSockets::has_connections() const {
  return std::ranges::any_of(
      flows_, [](const auto& flow) { return flow.first.transport == Transport::Tcp; });
}

// Packets -----------------------------------------------------------------------------------------

bool TracedSockets::carried(const Packet& packet) {
  if (packet.transport == Transport::None) return false;
  const SocketEnd source{packet.ip_version, packet.source, packet.source_port};
  const SocketEnd destination{packet.ip_version, packet.destination, packet.destination_port};
  const Flow sent{packet.transport, source, destination};
  const Flow received{packet.transport, destination, source};
  return is_known(sent, packet.time_ns) || is_known(received, packet.time_ns) ||
         is_attempt(packet, sent);
}

bool TracedSockets::is_known(const Flow& flow, uint64_t time_ns) const {
  if (!local_ports_[flow.local.port]) return false;
  const SocketEnd forms[] = {flow.local,
                             {flow.local.version, {}, flow.local.port},
                             {IpVersion::None, {}, flow.local.port}};
  for (const SocketEnd& form : forms) {
    if (is_any(form) && !is_of_host(flow.local)) continue;
    const auto known = flows_.find({flow.transport, form, flow.peer});
    if (known != flows_.end() && time_ns + kClockSlackNs >= known->second) return true;
    if (is_open({flow.transport, form}, time_ns)) return true;
  }
  return false;
}

bool TracedSockets::is_open(const Port& port, uint64_t time_ns) const {
  const auto open = open_ports_.find(port);
  if (open != open_ports_.end() && time_ns + kClockSlackNs >= open->second) return true;
  const auto [first, end] = unseen_ports_.equal_range(port);
  return std::any_of(first, end, [time_ns](const auto& unseen) {
    return time_ns + kClockSlackNs >= unseen.second.since_ns && time_ns <= unseen.second.until_ns;
  });
}

// A datagram is of one call. A connect may send its SYN several times.
bool TracedSockets::is_attempt(const Packet& packet, const Flow& flow) {
  const bool is_tcp = packet.transport == Transport::Tcp;
  if (attempts_.empty() || (is_tcp && (packet.tcp.flags & (kSyn | kAck)) != kSyn)) return false;
  auto [attempt, end] = attempts_.equal_range({flow.transport, flow.peer});
  attempt = std::find_if(attempt, end, [&](const auto& each) {
    const Attempt& made = each.second;
    return packet.time_ns >= made.from_ns && packet.time_ns <= made.until_ns &&
           (is_tcp || made.payload.value_or(packet.payload_length) == packet.payload_length);
  });
  if (attempt == end) return false;
  add_flow(flow);
  if (is_tcp) return true;
  open_port({flow.transport, flow.local}, packet.time_ns);
  attempts_.erase(attempt);
  return true;
}

bool TracedSockets::is_of_host(const SocketEnd& end) const {
  if (host_.empty() || is_loopback_or_group(end)) return true;
  return std::ranges::any_of(host_, [&](const SocketEnd& own) {
    return own.version == end.version && own.address == end.address;
  });
}

}  // namespace wireseam
