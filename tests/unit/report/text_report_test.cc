// SPDX-License-Identifier: Apache-2.0
// The golden text, text.golden, is reviewed like code.
#include "inspector/report/text.h"

#include <fstream>
#include <sstream>

#include "inspector/report/json.h"
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

bool contains(const TextReport& report, std::string_view text) {
  return report.text().find(text) != std::string_view::npos;
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
  talk.counts[0] = {.datagrams = 3, .lost = 1, .truncated = 1};
  report.datagram(talk, Direction::ToServer,
                  {.number = 1,
                   .size = 12,
                   .send = send,
                   .packet = {},
                   .receive = receive,
                   .also_received = {receive},
                   .error = {},
                   .truncated = true});
  report.datagram(
      talk, Direction::ToServer,
      {.number = 2,
       .size = 12,
       .send = send,
       .packet = {},
       .receive = {},
       .also_received = {},
       .error = DatagramError{9, 3'000'000, "port unreachable", receive, "ECONNREFUSED"}});
  report.datagram(talk, Direction::ToServer,
                  {.number = 3,
                   .size = 12,
                   .send = send,
                   .packet = {},
                   .receive = {},
                   .also_received = {},
                   .error = {},
                   .lost = true});
  report.datagrams(talk);
  const std::string text(report.text());
  CHECK(text.substr(text.find('\n') + 1) ==
        "   0.002000 #1 > datagram 1 of 12 bytes: sendto, recv after 2.000 ms,\n"
        "                recv after 2.000 ms, truncated to 8 bytes\n"
        "   0.000000 #1 > datagram 2 of 12 bytes: sendto,\n"
        "                #9: port unreachable, told by recv (ECONNREFUSED)\n"
        "   0.000000 #1 > datagram 3 of 12 bytes: sendto, lost: never received\n"
        "#1 udp 127.0.0.1:9 > 127.0.0.1:53: calls and packets\n"
        "    to server: 3 datagrams, 1 lost, 1 truncated\n\n");
}

TEST_CASE("options and payload that the capture cut off are told as unknown, not as absent") {
  TextReport report(Segments::Shown, Paint(Paint::Colors::None));
  JsonReport json(Segments::Shown);
  for (ReportSink* sink : std::initializer_list<ReportSink*>{&report, &json}) {
    Exchange exchange(*sink);
    exchange.keep_at_most(14 + 20 + 20 + 4);
    exchange.shake_hands(mss_option(1460) + window_scale_option(7));
    exchange.from_client(kAck, "hello");
    exchange.finish();
  }
  CHECK(contains(report, "client: MSS 1460; window scale, SACK, timestamps unknown (cut off)"));
  CHECK(contains(report, "ack 0 window 1000 unscaled bytes 0-5"));
  CHECK(contains(report, "to server: 1 byte not captured: packets were cut off"));
  CHECK(json.text().find("\"window_scale_unknown\":true") != std::string_view::npos);
  CHECK(json.text().find("\"options_cut\":true") != std::string_view::npos);
  CHECK(json.text().find("\"cut_bytes\":1") != std::string_view::npos);
  CHECK(json.text().find("sack_permitted") == std::string_view::npos);
}

TEST_CASE("bytes from before the first one captured are told, and missing in a stream") {
  TextReport report(Segments::Shown, Paint(Paint::Colors::None));
  JsonReport json(Segments::Shown);
  StreamBytes bytes({.connection = 1, .direction = Direction::ToServer}, ByteForm::Raw);
  for (ReportSink* sink : std::initializer_list<ReportSink*>{&report, &json, &bytes}) {
    Exchange exchange(*sink);
    exchange.from_client(kAck, "ABCD");
    exchange.client_sends_again("xxABCD");
    exchange.finish();
  }
  CHECK(contains(report, "2 bytes before the first one captured"));
  CHECK(contains(report, "to server: 2 bytes from before the first one captured came late"));
  CHECK(json.text().find("\"before_first_bytes\":2") != std::string_view::npos);
  CHECK(bytes.text() == "ABCD");
  CHECK(bytes.flaw().find("2 bytes from before the first one captured") != std::string::npos);
}

TEST_CASE("an MSS that was cut off is unknown") {
  TextReport report(Segments::Hidden, Paint(Paint::Colors::None));
  Exchange exchange(report);
  exchange.keep_at_most(14 + 20 + 20);
  exchange.shake_hands(mss_option(1460));
  exchange.finish();
  CHECK(contains(report, "server: MSS unknown (cut off); so are window scale, SACK, timestamps"));
}
