// SPDX-License-Identifier: Apache-2.0
// The screens of a small recording, with both programs traced. The golden files are reviewed like
// code; WIRESEAM_WRITE_GOLDEN=1 writes them anew.
#include <cerrno>

#include "tests/unit/catch2.h"
#include "tests/unit/session/recorded_session.h"
#include "tests/unit/ui/playing.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

EventBuilder sends(int fd, std::string_view bytes) {
  return send(fd, static_cast<int64_t>(bytes.size())).blob(1, BlobPart::Value, bytes);
}

EventBuilder receives(int fd, std::string_view bytes) {
  return recv(fd, static_cast<int64_t>(bytes.size())).blob(1, BlobPart::Value, bytes);
}

// Two lines in three sends and two segments, taken by two receives that end elsewhere; an answer
// with an escape sequence in it; a receive that finds nothing, and one that fails.
struct Lines : Connected {
  Lines() {
    call(sends(5, "ab"), kClient);
    from_client(wire, kAck, "ab");
    call(recv(4, 0).fails(EAGAIN), kServer);
    call(sends(5, "c\n"), kClient);
    call(sends(5, "defg\n"), kClient);
    from_client(wire, kAck, "c\ndefg\n");
    call(receives(4, "abc\nd"), kServer);
    call(receives(4, "efg\n"), kServer);
    call(sends(4, "\x1b[31mok\n"), kServer);
    from_server(wire, kAck, "\x1b[31mok\n");
    call(receives(5, "\x1b[31mok\n"), kClient);
    call(send(5, 0).fails(EPIPE), kClient);
    call(closing(5), kClient);
    from_client(wire, kFin | kAck);
    call(closing(4), kServer);
    from_server(wire, kFin | kAck);
    from_client(wire, kAck);
  }
};

struct Recorded : Playing {
  explicit Recorded(Size size_of, Charset charset = Charset::Unicode)
      : Playing(size_of, size_t{1} << 30, charset) {
    fill(session, Lines());
    session.end();
  }

  bool shows(std::string_view text) { return screen().find(text) != std::string::npos; }
};

struct Shown {
  const char* name;
  const char* keys;
};

constexpr Shown kShown[] = {
    {"recorded-connections", ""},
    {"recorded-ladder", "Enter"},
    {"recorded-seams", "Enter 3"},
    {"recorded-calls", "Enter 6 e"},
};

}  // namespace

TEST_CASE("each screen of a recording is as it was reviewed, at 80x24, at 132x43 and at 40x12") {
  for (const Shown& shown : kShown) {
    for (const Size size : {Size{24, 80}, Size{43, 132}, Size{12, 40}}) {
      const std::string name = std::string(shown.name) + "-" + std::to_string(size.columns) + "x" +
                               std::to_string(size.rows) + ".txt";
      INFO(name);
      Recorded recorded(size);
      recorded.press(shown.keys);
      const std::string text = recorded.screen();
      CHECK(text == golden(name, text));
    }
  }
}

TEST_CASE("Enter leads from a call to its place in the ladder, and from there back") {
  Recorded recorded({24, 80});
  recorded.press("6 e");
  const std::string call = recorded.press("y").text;
  CHECK(call.find("EPIPE") != std::string::npos);
  recorded.press("Enter");
  CHECK(recorded.view.screen() == ScreenId::Ladder);
  CHECK(recorded.press("y").text.find("send = -1 EPIPE") != std::string::npos);
  recorded.press("Enter");
  CHECK(recorded.view.screen() == ScreenId::Calls);
  CHECK(recorded.press("y").text == call);
}

TEST_CASE("the calls are those of the connection, and o shows those of all programs") {
  Recorded recorded({24, 80});
  recorded.press("Enter 6");
  CHECK(recorded.shows("14 calls of #1"));
  recorded.press("o");
  CHECK(recorded.shows("15 lines"));
}

TEST_CASE("the seams tell of a send and of a receive what became of their bytes") {
  Recorded recorded({24, 80});
  recorded.press("Enter 3 k k");
  CHECK(recorded.shows("send  0-2, 2 bytes, in one segment"));
  recorded.press("l");
  CHECK(recorded.shows("send  2-4, 2 bytes, coalesced: 2 sends in one segment"));
  CHECK(recorded.shows("by client (1)"));
  recorded.press("j j j");
  CHECK(recorded.shows("recv  0-5, 5 bytes, merged: bytes of 2 frames"));
  CHECK(recorded.shows("received 0-5 of 4096 wanted"));
}

TEST_CASE("Enter leads from a send in the seams to its call") {
  Recorded recorded({24, 80});
  recorded.press("Enter 3 k k Enter");
  CHECK(recorded.view.screen() == ScreenId::Calls);
  CHECK(recorded.press("y").text.find("send(5, \"ab\"") != std::string::npos);
}

TEST_CASE("calls are filtered by name and process") {
  Recorded recorded({24, 80});
  recorded.press("6 &");
  recorded.type("call send and pid = 1");
  recorded.press("Enter");
  CHECK(recorded.shows("4 lines: call send"));
}

TEST_CASE("on screens of a recording, too, nothing of a peer is a control") {
  for (const Shown& shown : kShown) {
    Recorded recorded({43, 132});
    recorded.press(shown.keys);
    CHECK_FALSE(recorded.shows("\x1b"));
  }
}

TEST_CASE("without Unicode all that is drawn of a recording is ASCII") {
  for (const Shown& shown : kShown) {
    Recorded recorded({24, 80}, Charset::Ascii);
    recorded.press(shown.keys);
    for (const char c : recorded.screen()) REQUIRE(static_cast<unsigned char>(c) < 0x80);
  }
}
