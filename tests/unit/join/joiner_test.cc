// SPDX-License-Identifier: Apache-2.0
// Talks of a few calls and packets, each with something about it that is easily taken for something
// else: what the joiner says of them, line by line.
#include <algorithm>
#include <cerrno>

#include "tests/unit/catch2.h"
#include "tests/unit/join/scene.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

using Lines = std::vector<std::string>;

// "> send 0-4 #4 frames 0-4": the way, the call, its bytes, and what lies beside them.
class Log final : public ReportSink {
 public:
  void sent(const Conversation&, Direction direction, const CallSpan& call,
            const Beside& beside) override {
    lines.push_back(text("send", direction, call) + packets(beside));
  }
  void received(const Conversation&, Direction direction, const CallSpan& call,
                const Beside& beside) override {
    lines.push_back(text("recv", direction, call) + packets(beside) + " of" + ranges(beside.sends));
  }
  void framed(const Conversation&, Direction direction, const FrameSpan& frame,
              const Beside& beside) override {
    lines.push_back(arrow(direction) + "frame" + text(frame.range) + " sends" +
                    ranges(beside.sends) + packets(beside) + " receives" + ranges(beside.receives));
  }
  void joined(const Conversation& talk) override {
    if (!talk.is_traced()) return;
    lines.push_back(talk.client + " to " + talk.server + (talk.on_wire ? "" : ", no packets") +
                    text(talk.party(Role::Client)) + text(talk.party(Role::Server)));
  }

  Lines lines;

 private:
  static std::string arrow(Direction direction) {
    return direction == Direction::ToServer ? "> " : "< ";
  }
  static std::string text(ByteRange range) {
    return " " + std::to_string(range.begin) + "-" + std::to_string(range.end);
  }
  static std::string text(std::string_view name, Direction direction, const CallSpan& call) {
    return arrow(direction) + std::string(name) + text(call.range) +
           (call.ambiguous ? " ambiguous" : "") + (call.urgent ? " urgent" : "");
  }
  static std::string ranges(std::span<const CallSpan> calls) {
    std::string all;
    for (const CallSpan& call : calls) all += text(call.range);
    return all;
  }
  static std::string packets(const Beside& beside) {
    std::string all;
    for (const WireSpan& each : beside.segments) all += " #" + std::to_string(each.packet);
    return all;
  }
  static std::string text(const Party& party) {
    if (party.state != Party::State::Traced) return ", untraced";
    const bool sends = party.place(Way::Sent).known();
    std::string text = party.aligned() ? ", aligned" : (sends ? ", sends" : ", not aligned");
    if (party.begin.seen()) text += " " + std::string(party.begin.name);
    if (party.end.seen()) text += " " + std::string(party.end.name);
    return text;
  }
};

Lines lines_of(const Scene& scene, std::string_view framing = "line") {
  Log log;
  scene.play(framing, log);
  return log.lines;
}

constexpr uint32_t kClient = Scene::kClient;
constexpr uint32_t kServer = Scene::kServer;

}  // namespace

TEST_CASE("A message is found in its send, its segment, its frame and its recv") {
  Connected scene;
  scene.call(send(5, 4), kClient);
  scene.from_client(scene.wire, kAck, "abc\n");
  scene.call(recv(4, 4), kServer);
  CHECK(lines_of(scene) ==
        Lines{"> send 0-4 #4", "> frame 0-4 sends 0-4 #4 receives 0-4", "> recv 0-4 #4 of 0-4",
              "127.0.0.1:40000 to 127.0.0.1:80, aligned connect, aligned accept"});
}

TEST_CASE("Calls that wait too long for the framing are told without frames, those before first") {
  constexpr uint64_t kPatienceNs = 200'000'000;
  Connected scene;
  for (int i = 0; i < 3; ++i) {
    scene.call(send(5, 4), kClient);
    scene.from_client(scene.wire, kAck, "abc\n");
    scene.call(recv(4, 4), kServer);
    scene.now_ += kPatienceNs;
  }
  scene.call(send(5, 4), kClient);  // waits for its packet
  scene.now_ += 2 * kPatienceNs;
  scene.from_client(scene.wire, kAck, "abc\n");
  scene.from_client(scene.wire, kFin | kAck);
  Log log;
  std::vector<size_t> told;  // lines so far, at each packet
  scene.play("auto", log,
             {.packet = [&](const RawPacket&) { told.push_back(log.lines.size()); },
              .patience_ns = kPatienceNs});
  log.lines.pop_back();  // of the conversation
  CHECK(log.lines == Lines{"> send 0-4 #4", "> recv 0-4 #4 of 0-4", "> send 4-8 #5",
                           "> recv 4-8 #5 of 4-8", "> send 8-12 #6", "> recv 8-12 #6 of 8-12",
                           "> send 12-16 #7"});
  CHECK(told == std::vector<size_t>{0, 0, 0, 0, 2, 4, 6, 7});
}

TEST_CASE("Of a connect that returned just before its SYN was stamped there is one conversation") {
  Scene scene;
  scene.connects(5, 10);
  Wire wire;
  scene.shake_hands(wire);
  scene.call(send(5, 4), kClient);
  scene.from_client(wire, kAck, "abc\n");
  CHECK(lines_of(scene) == Lines{"> send 0-4 #4", "> frame 0-4 sends 0-4 #4 receives",
                                 "127.0.0.1:40000 to 127.0.0.1:80, aligned connect, untraced"});
}

TEST_CASE("A socket that is connected anew has two conversations") {
  Connected scene;
  scene.call(send(5, 4), kClient);
  scene.from_client(scene.wire, kAck, "abc\n");
  scene.from_client(scene.wire, kRst);
  scene.call(EventBuilder("connect").arguments({5, kPointer, 16}).value(1, sockaddr{AF_UNSPEC, {}}),
             kClient);
  Wire second{40001, 900'000, 700'000};
  scene.shake_hands(second);
  scene.call(Scene::connected(5, 10, 40001), kClient);
  scene.call(send(5, 2), kClient);
  scene.from_client(second, kAck, "x\n");
  scene.call(Scene::closing(5), kClient);
  CHECK(lines_of(scene) ==
        Lines{"> send 0-2 #9", "> frame 0-2 sends 0-2 #9 receives", "> send 0-4 #4",
              "> frame 0-4 sends 0-4 #4 receives",
              "127.0.0.1:40000 to 127.0.0.1:80, aligned connect connect, aligned accept",
              "127.0.0.1:40001 to 127.0.0.1:80, aligned connect close, untraced"});
}

TEST_CASE("A connection whose port the host translates is one, seen as two tuples") {
  Scene scene;
  scene.begins(kClient, "client");
  scene.begins(kServer, "server");
  scene.call(Scene::made_socket(5, 10), kClient);
  scene.listens();
  Wire wire;
  wire.answers_from = 9999;
  scene.shake_hands(wire);
  scene.call(Scene::connected(5, 10, 40000, 9999), kClient);
  scene.accepts(4, 20);
  scene.call(send(5, 4), kClient);
  scene.from_client(wire, kAck, "abc\n");
  scene.call(recv(4, 4), kServer);
  scene.call(send(4, 2), kServer);
  scene.from_server(wire, kAck, "x\n");
  CHECK(lines_of(scene) ==
        Lines{"> send 0-4 #4", "> frame 0-4 sends 0-4 #4 receives 0-4", "> recv 0-4 #4 of 0-4",
              "< send 0-2 #5", "< frame 0-2 sends 0-2 #5 receives",
              "127.0.0.1:40000 to 127.0.0.1:80, aligned connect, aligned accept"});
}

TEST_CASE("A SYN/ACK that acknowledges another number is no answer from behind a translation") {
  Scene scene;
  scene.begins(kClient, "client");
  scene.call(Scene::made_socket(5, 10), kClient);
  Wire wire;
  wire.answers_from = 9999;
  scene.from_client(wire, kSyn);
  wire.client_seq += 7;
  scene.from_server(wire, kSyn | kAck);
  scene.call(Scene::connected(5, 10, 40000), kClient);
  CHECK(lines_of(scene) == Lines{"127.0.0.1:40000 to 127.0.0.1:80, aligned connect, untraced"});
}

TEST_CASE("The end is the close that was last, though another process' end was noticed later") {
  constexpr uint32_t kChild = 3;
  Connected scene;
  scene.call(EventBuilder("fork").returns(kChild), kClient);
  scene.begins(kChild, "child");
  scene.call(Scene::closing(5), kClient);
  SECTION("a FIN left with the close") { scene.from_client(scene.wire, kFin | kAck); }
  SECTION("none did") { scene.now_ += 1'000'000; }
  const bool is_last = scene.wire.client_seq > 1001;
  scene.now_ += 500'000;
  scene.dies(kChild);
  const std::string end = is_last ? "close" : "(end of the process)";
  CHECK(lines_of(scene) ==
        Lines{"127.0.0.1:40000 to 127.0.0.1:80, aligned connect " + end + ", aligned accept"});
}

TEST_CASE("A socket that is connected to itself is both ends") {
  Scene scene;
  scene.begins(kClient, "client");
  scene.call(Scene::made_socket(5, 10), kClient);
  Wire wire{80, 1000, 1000};
  scene.from_client(wire, kSyn);
  wire.client_seq = 1000;
  scene.from_client(wire, kSyn | kAck);
  scene.call(Scene::connected(5, 10, 80), kClient);
  wire.server_seq = wire.client_seq;
  scene.call(send(5, 4), kClient);
  scene.from_client(wire, kAck, "abc\n");
  scene.call(recv(5, 4), kClient);
  scene.call(Scene::closing(5), kClient);
  CHECK(lines_of(scene) ==
        Lines{"> send 0-4 #3", "> frame 0-4 sends 0-4 #3 receives 0-4", "> recv 0-4 #3 of 0-4",
              "127.0.0.1:80 to 127.0.0.1:80, aligned connect close, aligned close"});
}

TEST_CASE("What is received behind the last close, by a call that waited, is the socket's") {
  Connected scene;
  EventBuilder waits = recv(4, 4);
  waits.process(kServer, 9).begins(scene.now_ + 1).lasts(10'000).serial(3);
  scene.call(Scene::closing(4), kServer);
  scene.accepts(4, 21, 40001);
  scene.call(send(5, 4), kClient);
  scene.from_client(scene.wire, kAck, "abc\n");
  scene.now_ += 10'000;
  scene.add(waits, kServer);
  CHECK(lines_of(scene) ==
        Lines{"> send 0-4 #4", "> frame 0-4 sends 0-4 #4 receives 0-4", "> recv 0-4 #4 of 0-4",
              "127.0.0.1:40001 to 127.0.0.1:80, no packets, untraced, aligned accept",
              "127.0.0.1:40000 to 127.0.0.1:80, aligned connect, aligned accept close"});
}

TEST_CASE("Connections of the same ports are accepted in the order in which they were made") {
  Scene scene;
  scene.listens();
  Wire first;
  scene.shake_hands(first);
  scene.from_client(first, kAck, "abc\n");
  scene.from_client(first, kRst);
  Wire second{40000, 900'000, 700'000};
  scene.shake_hands(second);
  scene.from_client(second, kAck, "x\n");
  scene.accepts(4, 20);
  scene.call(recv(4, 4), kServer);
  scene.accepts(5, 21);
  scene.call(recv(5, 2), kServer);
  CHECK(lines_of(scene) == Lines{"> frame 0-4 sends #4 receives 0-4", "> recv 0-4 #4 of",
                                 "> frame 0-2 sends #9 receives 0-2", "> recv 0-2 #9 of",
                                 "127.0.0.1:40000 to 127.0.0.1:80, untraced, aligned accept",
                                 "127.0.0.1:40000 to 127.0.0.1:80, untraced, aligned accept"});
}

TEST_CASE("A capture that begins in the middle is never aligned with the calls") {
  Scene scene;
  scene.connects(5, 10);
  scene.call(send(5, 4), kClient);
  Wire wire;
  scene.from_client(wire, kAck, "def\n");
  scene.call(send(5, 4), kClient);
  for (const std::string& line : lines_of(scene)) {
    INFO(line);
    CHECK((line.find('#') == std::string::npos || line.find("sends #") != std::string::npos));
  }
}

TEST_CASE("Where the capture lacks a side's SYN, nothing is aligned with that side's bytes") {
  Scene scene;
  scene.call(Scene::made_socket(5, 10), kClient);
  Wire wire;
  scene.from_client(wire, kSyn);
  wire.server_seq = 5001;
  scene.call(Scene::connected(5, 10, 40000), kClient);
  scene.from_server(wire, kAck, "abc\n");
  scene.call(recv(5, 4), kClient);
  CHECK(lines_of(scene) == Lines{"127.0.0.1:40000 to 127.0.0.1:80, not aligned connect, untraced"});
}

TEST_CASE("A receive that was overtaken makes all ambiguous that went on meanwhile") {
  Connected scene;
  scene.from_client(scene.wire, kAck, "abc\n");
  const uint64_t begin_ns = scene.now_;
  scene.call(recv(4, 2), kServer, 21);
  scene.call(recv(4, 1), kServer, 21);
  EventBuilder slow = recv(4, 1);
  slow.process(kServer, 22).begins(begin_ns).lasts(scene.now_ + 1000 - begin_ns);
  scene.add(slow, kServer);
  const Lines lines = lines_of(scene);
  CHECK(std::ranges::count_if(lines, [](const std::string& line) {
          return line.find("ambiguous") != std::string::npos;
        }) == 3);
}

TEST_CASE("A thread that only receives while another sends makes nothing ambiguous") {
  Connected scene;
  const uint64_t begin_ns = scene.now_;
  scene.call(send(5, 4), kClient);
  scene.from_client(scene.wire, kAck, "abc\n");
  scene.from_server(scene.wire, kAck, "x\n");
  EventBuilder slow = recv(5, 2);
  slow.process(kClient, 12).begins(begin_ns).lasts(scene.now_ + 1000 - begin_ns);
  scene.add(slow, kClient);
  for (const std::string& line : lines_of(scene))
    CHECK(line.find("ambiguous") == std::string::npos);
}

TEST_CASE("Behind an urgent byte receives are not aligned, since it is received apart") {
  Connected scene;
  scene.call(send(5, 3), kClient);
  scene.from_client(scene.wire, kAck, "abc");
  scene.call(recv(4, 3), kServer);
  scene.call(send(5, 1, MSG_OOB), kClient);
  scene.from_client(scene.wire, kAck | kUrg, "!");
  scene.call(send(5, 3), kClient);
  scene.from_client(scene.wire, kAck, "de\n");
  scene.call(recv(4, 3), kServer);
  CHECK(lines_of(scene) == Lines{"> send 0-3 #4", "> recv 0-3 #4 of 0-3", "> send 3-4 urgent #5",
                                 "> send 4-7 #6",
                                 "> frame 0-7 sends 0-3 3-4 4-7 #4 #5 #6 receives 0-3",
                                 "127.0.0.1:40000 to 127.0.0.1:80, aligned connect, sends accept"});
}

TEST_CASE("Bytes that were looked at are received once, and sendfile moves what it returned") {
  Connected scene;
  scene.call(EventBuilder("sendfile").arguments({5, 9, 0, 4}).returns(4), kClient);
  scene.from_client(scene.wire, kAck, "abc\n");
  scene.call(recv(4, 4, MSG_PEEK), kServer);
  scene.call(recv(4, 4), kServer);
  CHECK(lines_of(scene) ==
        Lines{"> send 0-4 #4", "> frame 0-4 sends 0-4 #4 receives 0-4", "> recv 0-4 #4 of 0-4",
              "127.0.0.1:40000 to 127.0.0.1:80, aligned connect, aligned accept"});
}

TEST_CASE("A socket is at its end when its last descriptor is closed, or its process dies") {
  Connected scene;
  scene.call(EventBuilder("dup").arguments({5}).returns(6), kClient);
  scene.call(Scene::closing(5), kClient);
  scene.call(send(6, 4), kClient);
  scene.from_client(scene.wire, kAck, "abc\n");
  scene.call(Scene::closing(6), kClient);
  scene.dies(kServer);
  CHECK(lines_of(scene) == Lines{"> send 0-4 #4", "> frame 0-4 sends 0-4 #4 receives",
                                 "127.0.0.1:40000 to 127.0.0.1:80, aligned connect close, aligned "
                                 "accept (end of the process)"});
}

TEST_CASE("Behind calls that were lost nothing is aligned, and what was before stays so") {
  Connected scene;
  scene.call(send(5, 4), kClient);
  scene.from_client(scene.wire, kAck, "abc\n");
  scene.call(recv(4, 4), kServer);
  scene.lose(7);
  scene.call(send(5, 4), kClient);
  scene.from_client(scene.wire, kAck, "def\n");
  scene.call(recv(4, 4), kServer);
  const Lines lines = lines_of(scene);
  CHECK(std::ranges::count(lines, "> send 0-4 #4") == 1);
  CHECK(std::ranges::count_if(lines, [](const std::string& line) {
          return line.starts_with("> send") || line.starts_with("> recv");
        }) == 2);
  CHECK_THAT(lines.back(), Catch::Matchers::ContainsSubstring("not aligned"));
}

TEST_CASE("Calls that were lost are told beside the packets that were") {
  CHECK(to_string(CaptureLosses{.kernel = 2}) == "2 by the kernel, 0 by the interface");
  CHECK(to_string(CaptureLosses{.calls = 9}) == "9 calls by the tracer");
  CHECK(to_string(CaptureLosses{.interface = 1, .calls = 9}) ==
        "0 by the kernel, 1 by the interface; 9 calls by the tracer");
}

TEST_CASE("A connect that was refused is joined with its SYN and the RST") {
  Scene scene;
  scene.call(Scene::made_socket(5, 10), kClient);
  Wire wire;
  const uint64_t begin_ns = scene.now_;
  scene.from_client(wire, kSyn);
  wire.server_seq = 0;
  scene.from_server(wire, kRst | kAck);
  EventBuilder refused("connect");
  refused.arguments({5, kPointer, 16}).value(1, loopback(80)).fails(ECONNREFUSED);
  refused.process(kClient, kClient).begins(begin_ns).lasts(scene.now_ + 1000 - begin_ns);
  scene.add(refused, kClient);
  CHECK(lines_of(scene) == Lines{"127.0.0.1:40000 to 127.0.0.1:80, aligned connect, untraced"});
}

TEST_CASE("A server on IPv6 that is spoken to over IPv4 is the same end as the packets'") {
  Scene scene;
  scene.listens();
  Wire wire;
  scene.shake_hands(wire);
  SocketIdentity mapped = identity(4, 20);
  const auto name = [](uint16_t port) {
    sockaddr_in6 end{};
    end.sin6_family = AF_INET6;
    end.sin6_port = htons(port);
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &end.sin6_addr);
    return end;
  };
  const sockaddr_in6 local = name(80);
  const sockaddr_in6 peer = name(40000);
  mapped.local_size = mapped.peer_size = sizeof local;
  std::memcpy(mapped.local, &local, sizeof local);
  std::memcpy(mapped.peer, &peer, sizeof peer);
  scene.call(EventBuilder("accept")
                 .arguments({3, kPointer, kPointer})
                 .returns(4)
                 .part(0, BlobPart::Identity, mapped),
             kServer);
  scene.from_client(wire, kAck, "abc\n");
  scene.call(recv(4, 4), kServer);
  CHECK(lines_of(scene) == Lines{"> frame 0-4 sends #4 receives 0-4", "> recv 0-4 #4 of",
                                 "127.0.0.1:40000 to 127.0.0.1:80, untraced, aligned accept"});
}

TEST_CASE("The ends of a socketpair are joined without packets, frames cut from what was sent") {
  Scene scene;
  const int pair[2] = {5, 6};
  scene.call(EventBuilder("socketpair")
                 .arguments({AF_UNIX, SOCK_STREAM, 0, kPointer})
                 .returns(0)
                 .value(3, pair),
             kClient);
  scene.call(send(5, 6).blob(1, BlobPart::Value, "abc\nde"), kClient);
  scene.call(send(5, 1).blob(1, BlobPart::Value, "\n"), kClient);
  scene.call(recv(6, 7).blob(1, BlobPart::Value, "abc\nde\n"), kClient);
  CHECK(lines_of(scene) == Lines{"> frame 0-4 sends 0-6 receives 0-7", "> send 0-6", "> send 6-7",
                                 "> frame 4-7 sends 0-6 6-7 receives 0-7", "> recv 0-7 of 0-6 6-7",
                                 "(unnamed) to (pair), no packets, aligned, aligned"});
}
