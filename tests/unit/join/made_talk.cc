// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/join/made_talk.h"

#include <algorithm>
#include <deque>
#include <string_view>

#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/trace/socket_trace.h"

namespace wireseam::test {
namespace {

constexpr uint64_t kStepNs = 20'000;
constexpr uint64_t kResendNs = 300'000;
constexpr uint16_t kServerPort = 80;
constexpr uint32_t kLoopback = 0x7f000001;

// One of the two programs. Its first thread sends, the second one receives.
struct Program {
  uint32_t process = 0;
  int fd = -1;
  bool traced = true;
  uint64_t sender_free_ns = 0;
  uint64_t receiver_free_ns = 0;

  uint32_t sender() const { return process * 100; }
  uint32_t receiver() const { return process * 100 + 1; }
};

// One direction under way.
struct Flow {
  uint32_t isn = 0;
  uint32_t fin = 0;          // 1: sent
  uint64_t written = 0;      // by calls
  uint64_t transmitted = 0;  // at least once
  uint64_t arrived = 0;      // all before is there
  uint64_t read = 0;
  std::vector<bool> has_arrived;  // by byte
  std::deque<ByteRange> lost;     // to be sent again
};

struct Flight {
  uint64_t time_ns;
  Direction direction;
  ByteRange range;
  bool arrives;
};

class Talk {
 public:
  Talk(const TalkPlan& plan, Random& random, TraceFile& calls, std::vector<MadePacket>& packets)
      : random_(random), calls_(calls), packets_(packets), now_(plan.begin_ns) {
    talk_.plan = plan;
  }

  MadeTalk make() {
    begin_programs();
    for (const Direction direction : {Direction::ToServer, Direction::ToClient}) begin(direction);
    shake_hands();
    const uint64_t steps = talk_.plan.ends_early ? between(random_, 0, 400) : UINT64_MAX;
    for (uint64_t i = 0; i < steps && !is_over(); ++i) step();
    if (!talk_.plan.ends_early) close_both();
    return std::move(talk_);
  }

 private:
  MadeStream& stream(Direction direction) { return talk_.stream(direction); }
  Flow& flow(Direction direction) { return flows_[static_cast<size_t>(direction)]; }
  Program& sender(Direction direction) { return programs_[static_cast<size_t>(direction)]; }
  Program& receiver(Direction direction) { return sender(opposite(direction)); }

  void begin_programs();
  void begin(Direction direction);
  void shake_hands();
  void step();
  void land();
  void write(Direction direction);
  void transmit(Direction direction);
  void read(Direction direction);
  void peek(Direction direction);
  void close_both();
  void end_direction(Direction direction, uint16_t flags);
  bool is_over();

  void add(EventBuilder& call, const Program& program);
  void capture(Direction direction, uint16_t flags, ByteRange range, uint64_t time_ns);

  Random& random_;
  TraceFile& calls_;
  std::vector<MadePacket>& packets_;
  MadeTalk talk_;
  std::array<Program, 2> programs_;  // the client, the server
  std::array<Flow, 2> flows_;
  std::vector<Flight> flights_;
  uint64_t now_;
};

// Calls and packets -------------------------------------------------------------------------------

void Talk::add(EventBuilder& call, const Program& program) {
  if (!program.traced) return;
  Event event = call.event();
  event.pid = program.sender();
  event.process = program.process;
  calls_.add(event);
}

void Talk::capture(Direction direction, uint16_t flags, ByteRange range, uint64_t time_ns) {
  TcpFields tcp_fields;
  tcp_fields.source_port = talk_.plan.client_port;
  tcp_fields.destination_port = kServerPort;
  if (direction == Direction::ToClient)
    std::swap(tcp_fields.source_port, tcp_fields.destination_port);
  const uint32_t first = flow(direction).isn + ((flags & kSyn) != 0 ? 0 : 1);
  tcp_fields.seq = first + static_cast<uint32_t>(range.begin) + flow(direction).fin;
  const Flow& acked = flow(opposite(direction));
  tcp_fields.flags = flags;
  if ((flags & kAck) != 0)
    tcp_fields.ack = acked.isn + 1 + static_cast<uint32_t>(acked.arrived) + acked.fin;
  tcp_fields.window = 65535;
  Ipv4Fields ip_fields;
  ip_fields.source = ip_fields.destination = kLoopback;
  ip_fields.id = static_cast<uint16_t>(packets_.size() + 1);
  const std::string payload = stream(direction).bytes.substr(range.begin, range.size());
  packets_.push_back({{time_ns, ethernet(kIpv4, ipv4(ip_fields, tcp(tcp_fields, payload)))},
                      talk_.plan.client_port,
                      direction,
                      range});
}

// The beginning -----------------------------------------------------------------------------------

void Talk::begin_programs() {
  const uint32_t client = talk_.plan.client_port * 2U;
  programs_[0] = {.process = client, .fd = 3, .traced = talk_.plan.client_traced};
  programs_[1] = {.process = client + 1, .fd = 4, .traced = talk_.plan.server_traced};
  for (const Program& program : programs_) {
    EventBuilder made("socket");
    made.thread(program.sender()).begins(now_).arguments({AF_INET, SOCK_STREAM, 0}).returns(3);
    made.part(0, BlobPart::Identity, identity(3, program.process * 10U));
    add(made, program);
  }
}

void Talk::begin(Direction direction) {
  MadeStream& made = stream(direction);
  for (uint64_t left = between(random_, 0, 30); left > 0; --left) {
    const uint64_t body = between(random_, 0, happens(random_, 0.2) ? 400 : 40);
    const uint64_t begin = made.bytes.size();
    for (unsigned shift = 0; shift < 32; shift += 8)
      made.bytes += static_cast<char>(body >> shift & 0xff);
    for (uint64_t i = 0; i < body; ++i) made.bytes += static_cast<char>(between(random_, 0, 255));
    made.frames.push_back({begin, made.bytes.size()});
  }
  made.carriers.resize(made.bytes.size());
  flow(direction).has_arrived.resize(made.bytes.size());
  const bool wraps = happens(random_, 0.3);
  flow(direction).isn = static_cast<uint32_t>(0 - between(random_, 0, wraps ? 2000 : UINT32_MAX));
}

void Talk::shake_hands() {
  const uint16_t port = talk_.plan.client_port;
  Program& client = programs_[0];
  Program& server = programs_[1];
  capture(Direction::ToServer, kSyn, {0, 0}, now_ + 2000);
  capture(Direction::ToClient, kSyn | kAck, {0, 0}, now_ + 3000);
  capture(Direction::ToServer, kAck, {0, 0}, now_ + 4000);
  EventBuilder connected("connect");
  connected.thread(client.sender()).begins(now_ + 1000).lasts(between(random_, 2500, 9000));
  connected.arguments({3, kPointer, 16}).value(1, loopback(kServerPort));
  connected.part(0, BlobPart::Identity,
                 named(identity(3, client.process * 10U), port, kServerPort));
  add(connected, client);
  EventBuilder accepted("accept");
  accepted.thread(server.sender()).begins(now_ + 500).lasts(between(random_, 4000, 9500));
  accepted.arguments({3, kPointer, kPointer}).returns(4).value(1, loopback(port));
  accepted.part(0, BlobPart::Identity,
                named(identity(4, server.process * 10U + 1), kServerPort, port));
  add(accepted, server);
  now_ += 10'000;
  for (Program& program : programs_) program.sender_free_ns = program.receiver_free_ns = now_;
}

// In the middle -----------------------------------------------------------------------------------

void Talk::step() {
  now_ += between(random_, 1, kStepNs);
  land();
  const Direction direction = happens(random_, 0.5) ? Direction::ToServer : Direction::ToClient;
  switch (between(random_, 0, 4)) {
    case 0:
      return write(direction);
    case 1:
      return transmit(direction);
    case 2:
      return read(direction);
    case 3:
      return peek(direction);
    default:
      return capture(direction, kAck, {flow(direction).transmitted, flow(direction).transmitted},
                     now_);
  }
}

// What has come to its end of the wire by now.
void Talk::land() {
  for (const Flight& each : flights_) {
    if (each.time_ns > now_) continue;
    Flow& to = flow(each.direction);
    if (!each.arrives) to.lost.push_back(each.range);
    for (uint64_t at = each.range.begin; each.arrives && at < each.range.end; ++at)
      to.has_arrived[at] = true;
    while (to.arrived < to.has_arrived.size() && to.has_arrived[to.arrived]) ++to.arrived;
  }
  std::erase_if(flights_, [this](const Flight& each) { return each.time_ns <= now_; });
}

void Talk::write(Direction direction) {
  MadeStream& made = stream(direction);
  Flow& writing = flow(direction);
  Program& program = sender(direction);
  if (writing.written == made.bytes.size() || now_ < program.sender_free_ns) return;
  const uint64_t most = happens(random_, 0.3) ? 600 : 30;
  const uint64_t size = std::min(between(random_, 1, most), made.bytes.size() - writing.written);
  const uint64_t lasts = between(random_, 0, 2 * kStepNs);
  const std::string_view bytes = std::string_view(made.bytes).substr(writing.written, size);
  EventBuilder call(happens(random_, 0.5) ? "send" : "write");
  // Not all that was offered has to be taken.
  const auto offered = static_cast<int64_t>(size + between(random_, 0, 1) * 50);
  call.thread(program.sender()).begins(now_).lasts(lasts);
  call.arguments({program.fd, kPointer, offered, 0}).returns(static_cast<int64_t>(size));
  add(call.blob(1, BlobPart::Value, bytes), program);
  made.sends.push_back({writing.written, writing.written + size});
  writing.written += size;
  program.sender_free_ns = now_ + lasts + 1;
}

// A segment of new bytes, or one again: then it may begin earlier and end later than it did.
void Talk::transmit(Direction direction) {
  Flow& sending = flow(direction);
  const TalkPlan& plan = talk_.plan;
  ByteRange range{sending.transmitted, 0};
  if (!sending.lost.empty()) {
    range.begin = sending.lost.front().begin;
    // Bytes that arrived unseen are given up once they are acknowledged: not to be sent again.
    if (plan.not_captured == 0) range.begin -= std::min(range.begin, between(random_, 0, 20));
    range.end = sending.lost.front().end;
    sending.lost.pop_front();
  } else if (sending.transmitted < sending.written) {
    range.end = sending.transmitted + 1;
  } else {
    return;
  }
  const uint64_t more = between(random_, 0, happens(random_, 0.3) ? 500 : 40);
  range.end += std::min(more, sending.written - range.end);
  sending.transmitted = std::max(sending.transmitted, range.end);
  const uint64_t delay = happens(random_, plan.reordered) ? 3 * kStepNs : 10;
  const bool lost = happens(random_, plan.lost);
  const bool unseen = lost ? happens(random_, 0.5) : happens(random_, plan.not_captured);
  if (!unseen) capture(direction, kAck | kPsh, range, now_ + delay);
  flights_.push_back({now_ + delay + (lost ? kResendNs : 1), direction, range, !lost});
}

void Talk::read(Direction direction) {
  Flow& reading = flow(direction);
  Program& program = receiver(direction);
  if (reading.read == reading.arrived || now_ <= program.receiver_free_ns) return;
  const uint64_t room = between(random_, 1, happens(random_, 0.3) ? 1000 : 40);
  const uint64_t size = std::min(room, reading.arrived - reading.read);
  const uint64_t begin_ns = between(random_, program.receiver_free_ns, now_);
  EventBuilder call(happens(random_, 0.5) ? "recv" : "read");
  call.process(program.sender(), program.receiver()).begins(begin_ns).lasts(now_ - begin_ns);
  call.arguments({program.fd, kPointer, static_cast<int64_t>(room), 0});
  call.returns(static_cast<int64_t>(size));
  add(call.blob(1, BlobPart::Value, stream(direction).bytes.substr(reading.read, size)), program);
  stream(direction).receives.push_back({reading.read, reading.read + size});
  reading.read += size;
  program.receiver_free_ns = now_ + 1;
}

// Calls that move nothing: MSG_PEEK, or nothing is there.
void Talk::peek(Direction direction) {
  const Flow& reading = flow(direction);
  Program& program = receiver(direction);
  if (now_ <= program.receiver_free_ns) return;
  const uint64_t there = reading.arrived - reading.read;
  EventBuilder call("recv");
  call.process(program.sender(), program.receiver()).begins(now_ - 1).lasts(1);
  call.arguments({program.fd, kPointer, 5000, there > 0 ? MSG_PEEK : MSG_DONTWAIT});
  if (there > 0)
    call.returns(static_cast<int64_t>(there));
  else
    call.fails(EAGAIN);
  add(call, program);
  program.receiver_free_ns = now_ + 1;
}

bool Talk::is_over() {
  return std::ranges::all_of(std::array{Direction::ToServer, Direction::ToClient},
                             [this](Direction direction) {
                               return flow(direction).read == stream(direction).bytes.size();
                             });
}

// The end -----------------------------------------------------------------------------------------

void Talk::close_both() {
  now_ += 1'000'000;
  for (Program& program : programs_) {
    EventBuilder call("close");
    call.thread(program.sender()).begins(now_ += 1000).lasts(100).arguments({program.fd});
    add(call, program);
  }
  end_direction(Direction::ToServer, kFin | kAck);
  end_direction(Direction::ToClient, kFin | kAck);
  end_direction(Direction::ToServer, kAck);
}

void Talk::end_direction(Direction direction, uint16_t flags) {
  const uint64_t end = stream(direction).bytes.size();
  capture(direction, flags, {end, end}, now_ += 100);
  if ((flags & kFin) != 0) flow(direction).fin = 1;
}

}  // namespace

uint64_t between(Random& random, uint64_t least, uint64_t most) {
  return std::uniform_int_distribution<uint64_t>(least, most)(random);
}

bool happens(Random& random, double share) { return std::bernoulli_distribution(share)(random); }

MadeTalk make_talk(const TalkPlan& plan, Random& random, TraceFile& calls,
                   std::vector<MadePacket>& packets) {
  return Talk(plan, random, calls, packets).make();
}

std::vector<TimedBytes> number_packets(std::vector<MadePacket> packets,
                                       std::vector<MadeTalk>& talks) {
  std::ranges::stable_sort(packets, {},
                           [](const MadePacket& each) { return each.captured.time_ns; });
  std::vector<TimedBytes> captured;
  for (MadePacket& each : packets) {
    captured.push_back(std::move(each.captured));
    const auto talk = std::ranges::find(talks, each.client_port,
                                        [](const MadeTalk& made) { return made.plan.client_port; });
    auto& carriers = talk->stream(each.direction).carriers;
    for (uint64_t at = each.range.begin; at < each.range.end; ++at)
      if (carriers[at] == 0) carriers[at] = captured.size();
  }
  return captured;
}

}  // namespace wireseam::test
