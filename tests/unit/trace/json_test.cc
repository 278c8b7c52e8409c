// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/json.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/event_builder.h"
#include "tests/unit/trace/json_lines.h"
#include "tests/unit/trace/loopback.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

Event process_event(decltype(Event::what) what) {
  return {.pid = 10, .tid = 10, .process = 1, .time_ns = 1'500'000'000, .what = what};
}

// The names of all properties of a schema and of those within it.
void collect_keys(const nlohmann::json& schema, std::set<std::string>& keys) {
  if (schema.contains("properties"))
    for (const auto& [key, property] : schema["properties"].items()) keys.insert(key);
  for (const nlohmann::json& part : schema)
    if (part.is_structured()) collect_keys(part, keys);
}

}  // namespace

TEST_CASE("a call is one line with all that is known of it") {
  SocketIdentity identity{};
  identity.fd = 3;
  identity.domain = AF_INET;
  identity.type = SOCK_STREAM;
  identity.protocol = 6;
  identity.cookie = 77;
  EventBuilder socket("socket");
  socket.arguments({AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0})
      .returns(3)
      .part(0, BlobPart::Identity, identity);
  EventBuilder connect("connect");
  connect.arguments({3, kPointer, 16}).value(1, loopback(8080)).fails(EINPROGRESS);
  EventBuilder send("send");
  send.process(1000, 1001).begins(1'700'000'000'123'456'789).lasts(42).serial(2).returns(5);
  send.arguments({3, kPointer, 5, MSG_NOSIGNAL}).value(1, "hello");
  Event event = send.event();
  auto& call = std::get<CallEvent>(event.what);
  call.caller = {.address = 0x55aa, .module = "/bin/client", .symbol = "main+0x1f"};
  const auto lines =
      json_lines({process_event(ProcessBeginEvent{ProcessCause::Start, 1, 0, "client"}),
                  socket.event(), connect.event(), event});
  CHECK(lines.back() ==
        R"({"version":1,"event":"call","time":"2023-11-14T22:13:20.123456789Z","pid":1000,)"
        R"("tid":1001,"process_index":1,"duration_ns":42,"serial":2,"via":"libc",)"
        R"("call":"send","syscall":"sendto","args":{"sockfd":3,"buf":{"text":"hello",)"
        R"("length":5},"len":5,"flags":["MSG_NOSIGNAL"]},"result":5,"socket":{"fd":3,"id":1,)"
        R"("cookie":77,"family":"AF_INET","type":"SOCK_STREAM","protocol":"IPPROTO_TCP",)"
        R"("role":"client","peer":{"family":"AF_INET","address":"127.0.0.1","port":8080}},)"
        R"("direction":"sent","bytes":5,"range":{"begin":0,"end":5},)"
        R"("caller":{"address":"0x55aa","module":"/bin/client","symbol":"main+0x1f"}})");
}

TEST_CASE("a process, its end and losses are lines of their own") {
  const auto lines = json_lines(
      {process_event(ProcessBeginEvent{ProcessCause::Exec, 9, 1000, "server"}),
       process_event(LostEvent{3}), process_event(LostEvent{3, LostCause::Damage}),
       process_event(ProcessEndEvent{0x0700}), process_event(ProcessEndEvent{SIGSEGV | 0x80}),
       process_event(ProcessEndEvent{kStatusUnknown})});
  const std::string head =
      R"("time":"1970-01-01T00:00:01.500000000Z","pid":10,"tid":10,"process_index":1,)";
  const std::string name = R"("process_name":"server",)";
  CHECK(lines ==
        std::vector<std::string>{
            R"({"version":1,"event":"process",)" + head + name +
                R"("cause":"exec","parent_pid":9,"uid":1000})",
            R"({"version":1,"event":"lost",)" + head + name + R"("lost":3})",
            R"({"version":1,"event":"lost",)" + head + name + R"("lost":3,"damaged":true})",
            R"({"version":1,"event":"exit",)" + head + name + R"("exit_code":7,"signal":null})",
            R"({"version":1,"event":"exit",)" + head +
                R"("exit_code":null,"signal":"SIGSEGV","core_dumped":true})",
            R"({"version":1,"event":"exit",)" + head + R"("exit_code":null,"signal":null})"});
}

TEST_CASE("a socket whose calls are not seen has its ends, and says when it is gone") {
  const sockaddr_in local{AF_INET, htons(5000), {htonl(INADDR_LOOPBACK)}, {}};
  UnseenSocketEvent socket{.since_ns = 3, .until_ns = 9};
  socket.identity.inode = 7;
  socket.identity.domain = AF_INET;
  socket.identity.type = SOCK_STREAM;
  socket.identity.local_size = sizeof local;
  std::memcpy(socket.identity.local, &local, sizeof local);
  CHECK(json_lines({process_event(socket)}) ==
        std::vector<std::string>{
            R"({"version":1,"event":"unseen-socket","time":"1970-01-01T00:00:01.500000000Z",)"
            R"("pid":10,"tid":10,"process_index":1,"inode":7,"family":"AF_INET",)"
            R"("type":"SOCK_STREAM","local":{"family":"AF_INET","address":"127.0.0.1",)"
            R"("port":5000},"gone":true})"});
}

TEST_CASE("a failure has its errno's number, name and text") {
  CHECK(json_value(EventBuilder("listen").arguments({3, 5}).fails(EADDRINUSE).event(), "/errno") ==
        R"({"number":98,"name":"EADDRINUSE","text":"Address already in use"})");
  CHECK(json_value(EventBuilder("listen").arguments({3, 5}).fails(4000).event(), "/errno/number") ==
        "4000");
  CHECK(json_value(EventBuilder("posix_spawn").returns(ENOENT).event(), "/errno/name") ==
        "\"ENOENT\"");
  CHECK(json_value(EventBuilder("getaddrinfo").returns(-2).event(), "/gai_error") ==
        R"({"number":-2,"name":"EAI_NONAME"})");
}

TEST_CASE("a call that was cut off has no result") {
  const Event event = EventBuilder("accept").arguments({3, 0, 0}).state(CallState::CutOff).event();
  CHECK(json_value(event, "/unfinished") == "true");
  CHECK(json_value(event, "/result") == "null");
  const Event exit = EventBuilder("exit").state(CallState::CutOff).event();
  CHECK(json_value(exit, "/unfinished") == "none");
}

TEST_CASE("how a call was seen is told") {
  CHECK(json_value(EventBuilder("listen").flags(kFlagSyscall).event(), "/via") == "\"syscall\"");
  CHECK(json_value(EventBuilder("listen").flags(kFlagStrace).event(), "/via") == "\"strace\"");
  CHECK(json_value(EventBuilder("listen").flags(kFlagBlobsLost | kFlagFortified).event(),
                   "/notes") == R"(["fortified","arguments-lost"])");
}

TEST_CASE("a call of a newer version is told by its number") {
  Event event = EventBuilder("listen").arguments({3, 5}).returns(7).event();
  auto& call = std::get<CallEvent>(event.what);
  call.number = static_cast<CallNumber>(9999);
  call.info = nullptr;
  CHECK(json_value(event, "/call") == "9999");
  CHECK(json_value(event, "/raw_args") == R"(["0x3","0x5","0x0","0x0","0x0","0x0"])");
  CHECK(json_value(event, "/result") == "7");
}

TEST_CASE("sockets that a call made are listed") {
  const int pair[2] = {5, 6};
  EventBuilder builder("socketpair");
  builder.arguments({AF_UNIX, SOCK_DGRAM, 0, kPointer}).value(3, pair);
  CHECK(json_value(builder.event(), "/new_sockets") ==
        R"([{"fd":5,"id":1,"family":"AF_UNIX","type":"SOCK_DGRAM","protocol":0},)"
        R"({"fd":6,"id":2,"family":"AF_UNIX","type":"SOCK_DGRAM","protocol":0}])");
  CHECK(json_value(builder.event(), "/args/sv") == "[5,6]");
}

TEST_CASE("offsets that are not certain say so, datagrams have none") {
  EventBuilder send("send");
  send.arguments({3, kPointer, 5, MSG_OOB}).value(1, "hello").returns(5);
  SocketIdentity identity{};
  identity.fd = 3;
  identity.type = SOCK_STREAM;
  EventBuilder stream = send;
  stream.part(0, BlobPart::Identity, identity);
  CHECK(json_value(stream.event(), "/range") == R"({"begin":0,"end":5,"exact":false})");
  CHECK(json_value(stream.event(), "/urgent") == "true");
  CHECK(json_value(send.event(), "/range") == "none");
  CHECK(json_value(send.event(), "/bytes") == "5");
}

TEST_CASE("only what the filter lets through is written, all of it is followed") {
  JsonPrinter printer([](const Event& event) {
    const auto* call = std::get_if<CallEvent>(&event.what);
    return call != nullptr && call->number == CallNumber::send;
  });
  printer.event(EventBuilder("socket").arguments({AF_INET, SOCK_STREAM, 0}).returns(3).event());
  CHECK(printer.text().empty());
  printer.event(EventBuilder("send").arguments({3, 0, 5, 0}).returns(5).event());
  const auto line = nlohmann::json::parse(printer.text());
  CHECK(line["call"] == "send");
  CHECK(line["socket"]["family"] == "AF_INET");
}

TEST_CASE("names of processes and callers that are no UTF-8 do no harm") {
  const auto lines =
      json_lines({process_event(ProcessBeginEvent{ProcessCause::Start, 1, 0, "a\xff\x1b"})});
  CHECK(nlohmann::json::parse(lines[0])["process_name"] == "a\xef\xbf\xbd\x1b");
}

TEST_CASE("every parameter of every call has a key in the schema") {
  const auto& known = trace_schema()["$defs"]["args"]["properties"];
  for (const CallInfo& call : all_calls())
    for (const Parameter& parameter : call.parameters()) {
      INFO(call.name << ": " << parameter.name);
      CHECK(known.contains(std::string(parameter.name)));
    }
}

TEST_CASE("whatever a record holds, its line fits the schema") {
  std::minstd_rand random(1);
  for (const CallInfo& call : all_calls()) {
    for (int round = 0; round < 30; ++round) {
      EventBuilder builder(call.name);
      std::array<int64_t, kMaxArguments> arguments{};
      for (int64_t& argument : arguments)
        argument = static_cast<int64_t>(random() % 3 == 0 ? random() * 4294967296 : random() % 48);
      builder.arguments(
          {arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]});
      for (size_t blob = random() % 12; blob > 0; --blob) {
        std::string bytes(random() % 80, '\0');
        for (char& byte : bytes)
          byte = static_cast<char>(random() % 3 == 0 ? random() : random() % 4);
        builder.blob(random() % (call.parameters().size() + 1), static_cast<BlobPart>(random() % 7),
                     bytes, random() % 3 / 2, random() % 4 == 0 ? kUnreadable : bytes.size());
      }
      if (random() % 2 == 0) builder.fails(static_cast<int32_t>(random() % 140));
      json_line(builder.event());
    }
  }
}

TEST_CASE("every key of the schema is explained in docs/json.md") {
  std::ifstream file(WIRESEAM_SOURCE_DIR "/docs/json.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> keys;
  collect_keys(trace_schema(), keys);
  // The fields of TCP_INFO are the kernel's; the page names the object.
  std::erase_if(keys, [](const std::string& key) { return key.starts_with("tcpi_"); });
  for (const std::string& key : keys) {
    INFO(key);
    CHECK(text.find("`" + key + "`") != std::string::npos);
  }
}
