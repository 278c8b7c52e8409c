// SPDX-License-Identifier: Apache-2.0
#include "inspector/frame/framing_detector.h"

#include "common/framing/json_header.h"
#include "common/framing/length_field.h"
#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"

using namespace wireseam;

namespace {

using Said = std::vector<std::pair<Speaker, std::string>>;

// Says what is to be said, a packet each, until the choice is made.
class Conversation {
 public:
  explicit Conversation(uint16_t server_port, Place place = Place::Start)
      : detector_(50000, server_port, place) {}

  void say(Speaker speaker, const std::string& text) {
    uint64_t& offset = offsets_[static_cast<size_t>(speaker)];
    const ByteRange range{offset, offset + text.size()};
    offset = range.end;
    ++packets_;
    if (!choice_) choice_ = detector_.add(speaker, {range, packets_, packets_, bytes_of(text)});
    if (choice_ && decided_after_ == 0) decided_after_ = packets_;
  }

  FramingChoice choice() const { return choice_ ? *choice_ : detector_.choose(); }
  uint64_t decided_after() const { return decided_after_; }  // packets; 0: not yet
  const FramingDetector& detector() const { return detector_; }

 private:
  FramingDetector detector_;
  std::array<uint64_t, 2> offsets_{};
  uint64_t packets_ = 0;
  uint64_t decided_after_ = 0;
  std::optional<FramingChoice> choice_;
};

std::string chosen(uint16_t server_port, const Said& said) {
  Conversation conversation(server_port);
  for (const auto& [speaker, text] : said) conversation.say(speaker, text);
  return std::string(conversation.choice().framing->name);
}

std::string hex(const char* text, size_t padding = 0) {
  return from_hex(text) + std::string(padding, 'x');
}

const std::string kTlsClient = hex("16 0301 0100", 256);
const std::string kTlsServer = hex("16 0303 0040", 64);
const std::string kPostgresClient = hex("00000029 00030000 75736572 00", 28);
const std::string kPostgresServer = hex("52 0000000c 00000005 deadbeef");
const std::string kMysqlServer = hex("4a 00 00 00 0a", 73);
const std::string kMysqlClient = hex("54 00 00 01 8d", 83);

constexpr Speaker kClient = Speaker::Client;
constexpr Speaker kServer = Speaker::Server;

std::string reason_of(const FramingChoice& choice) {
  return reason_text(*choice.framing, choice.grounds);
}

}  // namespace

TEST_CASE("protocols with marks of their own are recognised on any port") {
  CHECK(chosen(4000, {{kClient, kTlsClient}, {kServer, kTlsServer}}) == "tls");
  CHECK(chosen(4000, {{kClient, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}}) == "http2");
  CHECK(chosen(4000, {{kClient, hex("414d5150 00000901")}}) == "amqp");
  CHECK(chosen(4000, {{kClient, kPostgresClient}, {kServer, kPostgresServer}}) == "postgres");
  CHECK(chosen(4000, {{kClient, hex("00000008 04d2162f")}, {kServer, "N"}}) == "postgres");
  const std::string frame = encode_json_header({.total_size = 2}) + "ok";
  CHECK(chosen(4000, {{kClient, frame}, {kServer, frame}}) == "json-header");
  const std::string message = encode_len32le_header(5) + "hello";
  CHECK(chosen(4000, {{kClient, message}, {kServer, message}}) == "len32le");
}

TEST_CASE("protocols with nothing but a length are recognised on their ports") {
  const Said dns = {{kClient, hex("001d", 29)}, {kServer, hex("002d", 45)}};
  CHECK(chosen(53, dns) == "dns");
  CHECK(chosen(4000, dns) == "raw");
  const Said kafka = {{kClient, hex("0000001d", 29)}, {kServer, hex("0000002d", 45)}};
  CHECK(chosen(9092, kafka) == "kafka");
  CHECK(chosen(9090, kafka) == "thrift");
  CHECK(chosen(4000, kafka) == "raw");
  CHECK(chosen(5432, {{kClient, kPostgresClient}, {kServer, kPostgresServer}}) == "postgres");
  CHECK(chosen(3306, {{kServer, kMysqlServer}, {kClient, kMysqlClient}}) == "mysql");
}

TEST_CASE("a framing of our own may be spoken by one side alone") {
  const std::string answer = hex("12 000000") + R"({"total_size":  2})" + "hi";
  Conversation conversation(7000);
  conversation.say(kClient, "uname -a");
  conversation.say(kServer, answer);
  REQUIRE(conversation.decided_after() == 2);
  CHECK(conversation.choice().framing->name == "json-header");
  CHECK_FALSE(conversation.choice().framed[0]);
  CHECK(conversation.choice().framed[1]);
}

TEST_CASE("texts and noise are raw") {
  const Said http = {{kClient, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
                     {kServer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}};
  CHECK(chosen(80, http) == "raw");
  CHECK(chosen(443, http) == "raw");
  CHECK(chosen(6379, {{kClient, "*1\r\n$4\r\nPING\r\n"}, {kServer, "+PONG\r\n"}}) == "raw");
  CHECK(chosen(22, {{kServer, "SSH-2.0-OpenSSH_9.2\r\n"}, {kClient, "SSH-2.0-x\r\n"}}) == "raw");
  CHECK(chosen(4000, {{kClient, std::string(100, '\0')}, {kServer, "x"}}) == "raw");
}

TEST_CASE("a choice gives its reason") {
  Conversation conversation(443);
  conversation.say(kClient, kTlsClient);
  conversation.say(kServer, kTlsServer);
  CHECK(
      reason_of(conversation.choice()) ==
      "tls: the client's first frame has 261 bytes, the server's first frame has 69 bytes, frames "
      "end where packets end, port 443");
  CHECK(reason_of(Conversation(80).choice()) == "no frames recognised: raw");
}

TEST_CASE("a choice is made as soon as it is certain") {
  Conversation tls(4000);
  tls.say(kClient, kTlsClient);
  CHECK(tls.decided_after() == 0);
  tls.say(kServer, kTlsServer);
  CHECK(tls.decided_after() == 2);
  Conversation http2(4000);
  http2.say(kClient, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  CHECK(http2.decided_after() == 1);
  Conversation redis(6379);
  redis.say(kClient, "PING\r\n");
  redis.say(kServer, "+PONG\r\n");
  CHECK(redis.decided_after() == 2);
}

TEST_CASE("a connection that says nothing clear is given up within bounds") {
  Conversation many(4000);
  for (int i = 0; i < 100; ++i) many.say(kClient, "hello");
  CHECK(many.decided_after() == FramingDetector::kMostPieces);
  Conversation large(4000);
  large.say(kClient, std::string(10'000, 'x'));
  CHECK(large.decided_after() == 1);
  CHECK(large.choice().framing->name == "raw");
}

TEST_CASE("what was kept is played again with its packets and times") {
  Conversation conversation(4000);
  const std::string asked = encode_len32le_header(5);
  const std::string answered = encode_len32le_header(6);
  conversation.say(kClient, asked);
  conversation.say(kServer, answered);
  conversation.say(kClient, "hello");
  CHECK(conversation.decided_after() == 0);
  std::string text;
  conversation.detector().replay([&](Speaker speaker, const StreamPiece& piece) {
    text += speaker == kClient ? '>' : '<';
    text.append(reinterpret_cast<const char*>(piece.bytes.data()), piece.bytes.size());
    text += std::to_string(piece.range.begin) + "@" + std::to_string(piece.packet) + " ";
    CHECK(piece.time_ns == piece.packet);
  });
  CHECK(text == ">" + asked + "0@1 <" + answered + "0@2 >hello4@3 ");
}

TEST_CASE("a connection that was there before its capture is judged by its usual frames") {
  Conversation conversation(5432, Place::Middle);
  conversation.say(kClient, hex("51 0000000d", 9));
  conversation.say(kServer, kPostgresServer);
  CHECK(conversation.choice().framing->name == "postgres");
}
