// SPDX-License-Identifier: Apache-2.0
// The golden text, text.golden, is reviewed like code.
#include "inspector/report/text.h"

#include <fstream>
#include <sstream>

#include "inspector/report/stream_bytes.h"
#include "tests/unit/catch2.h"
#include "tests/unit/report/exchange.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

std::string golden_text() {
  std::ifstream file(WIRESEAM_SOURCE_DIR "/tests/unit/report/text.golden");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void converse(Exchange& exchange) {
  exchange.shake_hands();
  exchange.from_client(kAck | kPsh, json_frame("{\"total_size\":2}", "hi"));
  const std::string answer = json_frame("{\"total_size\":4,\"filename\":\"\xc2\x9bK\"}", "text");
  exchange.from_server(kAck, answer.substr(0, 20));
  exchange.from_server(kAck | kPsh, answer.substr(20));
  exchange.client_sends_again("hi");
  exchange.from_client(kFin | kAck);
  exchange.from_server(kFin | kAck);
  exchange.from_client(kAck);
}

}  // namespace

TEST_CASE("the text of a small capture is as it was reviewed") {
  TextReport report(Segments::Hidden, Paint(Paint::Colors::None));
  Exchange exchange(report);
  converse(exchange);
  exchange.datagram("hello");
  exchange.raw(ethernet(0x0806, std::string(28, '\0')));
  exchange.finish();
  CHECK(std::string(report.text()) == golden_text());
}

TEST_CASE("what a peer sends never reaches the terminal as it is") {
  TextReport report(Segments::Shown, Paint(Paint::Colors::None));
  Exchange exchange(report);
  converse(exchange);
  exchange.finish();
  CHECK(report.text().find("\xc2\x9b") == std::string_view::npos);
}

TEST_CASE("text is coloured where it is asked for") {
  TextReport report(Segments::Hidden, Paint(Paint::Colors::Ansi));
  Exchange exchange(report);
  exchange.shake_hands();
  CHECK(report.text().find("\033[1m#1\033[0m") != std::string_view::npos);
}

TEST_CASE("the bytes of a stream come out as they are, or escaped for a terminal") {
  StreamBytes raw({1, Direction::ToServer}, ByteForm::Raw);
  StreamBytes escaped({1, {}}, ByteForm::Escaped);
  for (StreamBytes* bytes : {&raw, &escaped}) {
    Exchange exchange(*bytes);
    exchange.shake_hands();
    exchange.from_client(kAck, "a\033\n");
    exchange.from_server(kAck, "B");
    exchange.finish();
  }
  CHECK(raw.text() == "a\033\n");
  CHECK(escaped.text() == "a\\x1b\nB");
  CHECK(raw.flaw().empty());
}

TEST_CASE("a stream that is not there is told of") {
  StreamBytes bytes({7, {}}, ByteForm::Raw);
  Exchange exchange(bytes);
  exchange.finish();
  CHECK(bytes.failure() == "there is no connection 7 in the capture");
}

TEST_CASE("a datagram of a recording is told with what became of it") {
  TextReport report(Segments::Hidden, Paint(Paint::Colors::None));
  const CallSpan send{.range = {0, 12}, .name = "sendto", .begin_ns = 1'000'000'000};
  const CallSpan receive{
      .range = {0, 8}, .name = "recv", .begin_ns = 1'000'000'000, .duration_ns = 2'000'000};
  DatagramTalk talk{.id = 1, .client = "127.0.0.1:9", .server = "127.0.0.1:53", .on_wire = true};
  talk.counts[0] = {.datagrams = 2, .lost = 1, .truncated = 1};
  report.datagram(
      talk, Direction::ToServer,
      {.number = 1, .size = 12, .send = send, .packet = {}, .receive = receive, .truncated = true});
  report.datagram(
      talk, Direction::ToServer,
      {.number = 2, .size = 12, .send = send, .packet = {}, .receive = {}, .lost = true});
  report.datagrams(talk);
  const std::string text(report.text());
  CHECK(text.substr(text.find('\n') + 1) ==
        "   0.002000 #1 > datagram 1 of 12 bytes: sendto, recv after 2.000 ms,\n"
        "                truncated to 8 bytes\n"
        "   0.000000 #1 > datagram 2 of 12 bytes: sendto, lost: never received\n"
        "#1 udp 127.0.0.1:9 > 127.0.0.1:53: calls and packets\n"
        "    to server: 2 datagrams, 1 lost, 1 truncated\n\n");
}
