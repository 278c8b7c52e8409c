// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/frame_receiver.h"

#include <sys/socket.h>

#include "common/error.h"
#include "common/framing/length_field.h"
#include "tests/unit/catch2.h"

using namespace wireseam;
using namespace wireseam::samples;

namespace {

// Two connected sockets: what is sent on one is received on the other.
struct Pair {
  Pair() {
    int fds[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
    here = {Fd(fds[0]), "here"};
    there = {Fd(fds[1]), "there"};
  }
  void send_and_close(std::string_view bytes) {
    send_all(here, bytes);
    here.fd.reset();
  }

  Connection here;
  Connection there;
};

std::string whole_body(FrameReceiver& frames) {
  std::string body;
  for (auto piece = frames.next_piece(); !piece.empty(); piece = frames.next_piece()) body += piece;
  return body;
}

std::string reason(const std::string& framing, const std::string& bytes) {
  Pair pair;
  pair.send_and_close(bytes);
  FrameReceiver frames(pair.there, framing, 1024);
  try {
    while (frames.next_header()) whole_body(frames);
    return "none";
  } catch (const Error& error) {
    return error.what();
  }
}

std::string json_frame(const std::string& json) {
  return encode_len32le_header(json.size()) + json;
}

}  // namespace

TEST_CASE("frames come out whole, however few bytes a recv asks for") {
  const std::string stream = encode_len32le_header(5) + "hello" + encode_len32le_header(0) +
                             encode_len32le_header(2) + "hi";
  for (size_t recv_size = 1; recv_size <= stream.size() + 1; ++recv_size) {
    Pair pair;
    pair.send_and_close(stream);
    FrameReceiver frames(pair.there, "len32le", recv_size);
    for (const std::string body : {"hello", "", "hi"}) {
      const auto header = frames.next_header();
      REQUIRE(header);
      CHECK(header->total_size == body.size());
      CHECK(whole_body(frames) == body);
    }
    CHECK_FALSE(frames.next_header());
  }
}

TEST_CASE("a JSON header's members arrive, before any of the body") {
  Pair pair;
  const JsonHeader sent{.total_size = 1'000'000, .md5 = "abc", .filename = "f", .status = 3};
  send_all(pair.here, encode_json_header(sent));
  FrameReceiver frames(pair.there, "json-header", 7);
  CHECK(frames.next_header() == sent);
}

TEST_CASE("hostile lengths are refused with their reason") {
  CHECK(reason("len32le", "\xff\xff\xff\xff") == "recv there: length -1 is negative");
  CHECK(reason("json-header", "\xff\xff\xff\xff") == "recv there: length -1 is negative");
  CHECK(reason("json-header", "\xff\xff\xff\x7f") ==
        "recv there: length 2147483647 is too large: a frame has at most 1048580 bytes");
}

TEST_CASE("hostile headers are refused with their reason") {
  const auto json_reason = [](const std::string& json) {
    return reason("json-header", json_frame(json));
  };
  CHECK(json_reason("") == "recv there: the header is not JSON");
  CHECK(json_reason("no JSON") == "recv there: the header is not JSON");
  CHECK(json_reason("{}") == "recv there: the header has no total_size");
  CHECK(json_reason(R"({"total_size": "5"})") == "recv there: total_size is not a number");
  CHECK(json_reason(R"({"total_size": 99999999999999999999})") ==
        "recv there: total_size is larger than 9223372036854775807");
}

TEST_CASE("a peer that stops in the middle is told from one that is done") {
  CHECK(reason("len32le", "") == "none");
  CHECK(reason("len32le", std::string("\x05\0", 2)) ==
        "recv there: stopped in the middle of a header");
  CHECK(reason("len32le", encode_len32le_header(INT32_MAX) + "hello") ==
        "recv there: stopped with 2147483642 bytes missing");
  CHECK(reason("json-header", json_frame(R"({"total_size": 9223372036854775807})") + "x") ==
        "recv there: stopped with 9223372036854775806 bytes missing");
}
