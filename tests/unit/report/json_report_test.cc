// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/json.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "tests/unit/catch2.h"
#include "tests/unit/report/exchange.h"
#include "tests/unit/trace/json_schema.h"

using namespace wireseam;
using namespace wireseam::test;
using nlohmann::json;

namespace {

json schema() {
  std::ifstream file(WIRESEAM_SOURCE_DIR "/docs/json-schema/inspect.schema.json");
  return json::parse(file);
}

// Every line, checked against the schema.
std::vector<json> lines_of(const JsonReport& report) {
  static const json kSchema = schema();
  std::vector<json> lines;
  std::istringstream text{std::string(report.text())};
  for (std::string line; std::getline(text, line);) {
    lines.push_back(json::parse(line));
    INFO(line);
    CHECK(schema_violation(kSchema, lines.back()) == "");
  }
  return lines;
}

std::vector<json> of_type(const JsonReport& report, const std::string& type) {
  std::vector<json> found;
  for (const json& line : lines_of(report))
    if (line["type"] == type) found.push_back(line);
  return found;
}

}  // namespace

TEST_CASE("a handshake is told with numbers and round trips") {
  JsonReport report;
  Exchange exchange(report);
  exchange.shake_hands();
  const auto lines = of_type(report, "handshake");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["state"] == "complete");
  CHECK(lines[0]["client"] == json({{"address", "10.0.0.1"}, {"port", 40000}}));
  CHECK(lines[0]["syn_ack"]["ack"] == 1001);
  CHECK(lines[0]["syn_ack"]["relative_ack"] == 1);
  CHECK(lines[0]["server_rtt_ns"] == 1'000'000);
  CHECK(lines[0]["time"] == "2024-05-06T07:08:09.003000000Z");
}

TEST_CASE("a refusal names the RST and counts its numbers from both sides") {
  JsonReport report;
  Exchange exchange(report);
  exchange.from_client(kSyn);
  exchange.from_server(kRst | kAck);
  exchange.finish();
  const auto lines = of_type(report, "handshake");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["state"] == "refused");
  CHECK(lines[0]["rst"]["relative_ack"] == 1);
  CHECK(of_type(report, "connection").at(0)["state"] == "refused");
}

TEST_CASE("a frame has its header as JSON, its place and its packets") {
  JsonReport report;
  Exchange exchange(report);
  exchange.shake_hands();
  const std::string frame = json_frame("{\"total_size\":\n6,\"filename\":\"\xc2\x9b\"}", "hello\n");
  exchange.from_server(kAck, frame.substr(0, 10));
  exchange.from_server(kAck | kPsh, frame.substr(10));
  const auto lines = of_type(report, "frame");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["direction"] == "to-client");
  CHECK(lines[0]["header"]["total_size"] == 6);
  CHECK(report.text().find("\xc2\x9b") == std::string_view::npos);
  CHECK(lines[0]["body_length"] == 6);
  CHECK(lines[0]["range"] == json({{"begin", 0}, {"end", frame.size()}}));
  CHECK(lines[0]["parts"] == json({{{"packet", 4}, {"begin", 0}, {"end", 10}},
                                   {{"packet", 5}, {"begin", 10}, {"end", frame.size()}}}));
}

TEST_CASE("a header that is no JSON is shown in hexadecimal") {
  JsonReport report;
  Exchange exchange(report, "len32le");
  exchange.shake_hands();
  exchange.from_client(kAck, std::string("\x02\0\0\0hi", 6));
  CHECK(of_type(report, "frame").at(0)["header_hex"] == "02000000");
}

TEST_CASE("segments have a line each where they are asked for, with their seams") {
  JsonReport report(Segments::Shown);
  Exchange exchange(report, "line");
  exchange.shake_hands();
  exchange.from_client(kAck | kPsh, "one\ntwo\nthr");
  const auto lines = of_type(report, "segment");
  REQUIRE(lines.size() == 4);
  CHECK(lines[3]["flags"] == json({"PSH", "ACK"}));
  CHECK(lines[3]["frames"] ==
        json({{"begun", 3}, {"ended", 2}, {"continued", false}, {"continues", true}}));
  CHECK(lines[0]["flags"] == json({"SYN"}));
}

TEST_CASE("a note says what happened and what Wireshark calls it") {
  JsonReport report;
  Exchange exchange(report);
  exchange.shake_hands();
  exchange.from_client(kAck, "hello");
  for (int i = 0; i < 3; ++i) exchange.from_server(kAck);
  exchange.client_sends_again("hello");
  const auto notes = of_type(report, "note");
  REQUIRE(!notes.empty());
  CHECK(notes.back()["packet"] == 8);
  CHECK(notes.back()["cause"] == "spurious-retransmission");
  CHECK(notes.back()["wireshark"] ==
        json({"tcp.analysis.retransmission", "tcp.analysis.spurious_retransmission"}));
}

TEST_CASE("bytes without a frame are a note with the reason") {
  JsonReport report;
  Exchange exchange(report);
  exchange.shake_hands();
  exchange.from_client(kAck, "this is no frame");
  exchange.finish();
  const auto notes = of_type(report, "note");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0]["cause"] == "undecoded");
  CHECK(notes[0]["range"] == json({{"begin", 0}, {"end", 16}}));
  CHECK(notes[0]["reason"].get<std::string>().find("too large") != std::string::npos);
}

TEST_CASE("a close is told step by step") {
  JsonReport report;
  Exchange exchange(report);
  exchange.shake_hands();
  exchange.from_client(kFin | kAck);
  exchange.from_server(kFin | kAck);
  exchange.from_client(kAck);
  std::vector<std::string> states;
  for (const json& line : of_type(report, "close")) states.push_back(line["state"]);
  CHECK(states == std::vector<std::string>{"half-closed", "closing", "closed"});
}

TEST_CASE("a reset says what it threw away") {
  JsonReport report;
  Exchange exchange(report);
  exchange.shake_hands();
  exchange.from_client(kAck, "unread");
  exchange.from_server(kRst);
  const auto lines = of_type(report, "close");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["state"] == "reset");
  CHECK(lines[0]["rst"]["discarded_bytes"] == 6);
}

TEST_CASE("a datagram is a frame wherever frames are counted") {
  JsonReport report;
  Exchange exchange(report);
  exchange.shake_hands();
  exchange.from_server(kAck, json_frame("{\"total_size\":0}", ""));
  exchange.datagram("hello");
  exchange.finish();
  CHECK(of_type(report, "frame").at(1)["body_length"] == 5);
  const json connection = of_type(report, "connection").at(1);
  CHECK(connection["transport"] == "udp");
  CHECK(connection["to_server"]["frames"] == 1);
  CHECK(connection["to_server"]["aligned_segments"] == 1);
  CHECK_FALSE(connection["to_client"].contains("frames"));
  const json summary = of_type(report, "summary").at(0);
  CHECK(summary["frames"] == 2);
  CHECK(summary["datagrams"] == 1);
  CHECK(summary["segments_of_frame"] == json({{"1", 2}}));
}

TEST_CASE("the summary counts all, by reason where packets were not followed") {
  JsonReport report;
  Exchange exchange(report);
  exchange.shake_hands();
  exchange.from_server(kAck, json_frame("{\"total_size\":0}", ""));
  exchange.raw(ethernet(0x0806, std::string(28, '\0')));
  exchange.finish("it was cut");
  const json summary = of_type(report, "summary").at(0);
  CHECK(summary["packets"] == 5);
  CHECK(summary["decoded"]["whole"] == 4);
  CHECK(summary["decoded"]["reasons"].at(0)["packets"] == 1);
  CHECK(summary["frames"] == 1);
  CHECK(summary["segments_of_frame"] == json({{"1", 1}}));
  CHECK(summary["flaw"] == "it was cut");
  CHECK(lines_of(report).back() == summary);
}

TEST_CASE("a datagram of a recording has its calls, its packet and its fate") {
  JsonReport report;
  const CallSpan send{.range = {0, 12}, .name = "sendto", .fd = 3, .room = 12};
  const CallSpan receive{.range = {0, 8}, .name = "recvfrom", .fd = 4, .room = 8};
  const DatagramTalk talk{.id = 1, .client = "-", .server = "127.0.0.1:53", .on_wire = true};
  report.datagram(talk, Direction::ToServer,
                  {.number = 2,
                   .size = 12,
                   .send = send,
                   .packet = DatagramPacket{5, 1000},
                   .receive = receive,
                   .also_received = {receive},
                   .error = DatagramError{9, 2000, "port unreachable", receive, "ECONNREFUSED"},
                   .reordered = true,
                   .truncated = true,
                   .duplicate_of = 1});
  report.datagrams(talk);
  const auto lines = lines_of(report);
  CHECK(lines[0]["send"]["call"] == "sendto");
  CHECK(lines[0]["packet"] == 5);
  CHECK(lines[0]["receive"]["range"] == json({{"begin", 0}, {"end", 8}}));
  CHECK(lines[0]["also_received"][0]["call"] == "recvfrom");
  CHECK(lines[0]["icmp"]["reason"] == "port unreachable");
  CHECK(lines[0]["icmp"]["told_by"]["errno"] == "ECONNREFUSED");
  CHECK(lines[0]["fate"] == json({"reordered", "duplicate", "truncated", "unreachable"}));
  CHECK(lines[0]["duplicate_of"] == 1);
  CHECK(lines[1]["transport"] == "udp");
  CHECK(lines[1]["server"] == "127.0.0.1:53");
}
