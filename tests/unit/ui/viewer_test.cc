// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/viewer.h"

#include "common/utf8.h"
#include "tests/unit/catch2.h"
#include "tests/unit/ui/playing.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

struct Small : Playing {
  Small() : Playing({24, 80}) { converse(exchange); }

  bool shows(std::string_view text) { return screen().find(text) != std::string::npos; }

  void click(int row, int column) {
    screen();
    view.key({kKeyClick, row, column}, session, size, 0);
  }
};

// The line of a screen in which the text stands, and in which column it begins.
struct Found {
  int row = -1;
  int column = -1;
};

Found find_on(const Canvas& canvas, std::string_view text) {
  for (int at = 0; at < canvas.size().rows; ++at) {
    const Canvas::Row row = canvas.row(at);
    if (const size_t begin = row.text.find(text); begin != row.text.npos)
      return {at, row.columns[begin]};
  }
  return {};
}

}  // namespace

TEST_CASE("Enter leads to a connection's ladder, and Esc back") {
  Small small;
  small.press("Enter");
  CHECK(small.view.screen() == ScreenId::Ladder);
  CHECK(small.view.focus().connection == 1);
  small.press("Esc");
  CHECK(small.view.screen() == ScreenId::Connections);
}

TEST_CASE("the ladder and the seams are of the connection at the cursor") {
  Small small;
  small.press("Down 2");
  CHECK(small.shows("#2 udp"));
  small.press("1 Up 3");
  CHECK(small.shows("#1 tcp"));
}

TEST_CASE("q ends where there is nothing to go back to, Q everywhere") {
  Small small;
  CHECK(small.press("Enter q").wish == Wish::None);
  CHECK(small.press("Esc").wish == Wish::None);
  CHECK(small.press("q").wish == Wish::Quit);
  CHECK(small.press("5 Q").wish == Wish::Quit);
}

TEST_CASE("the first Ctrl-C stops the capture, the second ends") {
  Small small;
  CHECK(small.press("Ctrl-c").wish == Wish::Stop);
  CHECK(small.press("Ctrl-c").wish == Wish::Quit);
}

TEST_CASE("screens may be leafed through fast") {
  Small small;
  small.press("2 3 4");
  CHECK(small.view.screen() == ScreenId::Frames);
}

TEST_CASE("before j a number has a digit that is no screen") {
  Small small;
  small.press("5");
  small.wait();
  small.press("0 5 j");
  CHECK(small.press("y").text.find("     6 ") == 0);
}

TEST_CASE("a digit is a screen; with more digits, or before G, it is a number") {
  Small small;
  small.press("5");
  CHECK(small.view.screen() == ScreenId::Packets);
  small.wait();
  small.press("1 0 G");
  CHECK(small.view.screen() == ScreenId::Packets);
  CHECK(small.press("y").text.find("    10 ") == 0);
  small.wait();
  small.press("4 G");
  CHECK(small.view.screen() == ScreenId::Packets);
  CHECK(small.press("y").text.find("     4 ") == 0);
}

TEST_CASE("a filter selects lines, and a wrong one says why and changes nothing") {
  Small small;
  small.press("&");
  small.type("frames > 1 and port 80");
  small.press("Enter");
  CHECK(small.shows("1 of 2 connections"));
  small.press("& Ctrl-u");
  small.type("port eighty");
  small.press("Enter");
  CHECK(small.shows("'eighty' behind 'port' is no number"));
  CHECK(small.shows("1 of 2 connections"));
}

TEST_CASE("a search goes to the next line with the text, n on and N back") {
  Small small;
  small.press("5 /");
  small.type("fin");
  small.press("Enter");
  CHECK(small.press("y").text.find("     8 ") == 0);
  small.press("n");
  CHECK(small.press("y").text.find("     9 ") == 0);
  small.press("N");
  CHECK(small.press("y").text.find("     8 ") == 0);
}

TEST_CASE("e goes to the next problem") {
  Small small;
  small.press("5 e");
  CHECK(small.press("y").text.find("spurious-retransmission") != std::string::npos);
}

TEST_CASE("a mark leads back to its line and its screen") {
  Small small;
  small.press("5");
  small.wait();
  small.press("G m a 1 ' a");
  CHECK(small.view.screen() == ScreenId::Packets);
  CHECK(small.press("y").text.find("    12 ") == 0);
}

TEST_CASE("the help shows each action of the table") {
  Playing playing({200, 100});
  playing.press("?");
  const std::string screen = playing.screen();
  for (const ActionRow& row : action_rows()) {
    INFO(row.help);
    CHECK(screen.find(row.help) != std::string::npos);
  }
}

TEST_CASE("each key of the table is a key, and leads to one action") {
  for (const ActionRow& row : action_rows()) {
    std::istringstream keys{std::string(row.keys)};
    for (std::string key; keys >> key;) {
      INFO(key);
      REQUIRE(parse_key(key));
      CHECK(action_of(*parse_key(key)) == row.action);
    }
  }
}

TEST_CASE("a click on a tab shows its screen, on a line selects it") {
  Small small;
  small.click(0, 42);
  CHECK(small.view.screen() == ScreenId::Packets);
  small.click(5, 3);
  CHECK(small.press("y").text.find("     3 ") == 0);
}

TEST_CASE("a click on the head of a column sorts by it, another one the other way round") {
  Small small;
  const Found bytes = find_on(small.canvas(), "bytes>");
  const auto first = [&] { return small.canvas().row(3).text.substr(0, 2); };
  small.click(bytes.row, bytes.column);
  CHECK(small.shows("bytes>^"));
  CHECK(first() == " 2");
  small.click(bytes.row, bytes.column);
  CHECK(small.shows("bytes>v"));
  CHECK(first() == " 1");
}

TEST_CASE("l shows what is too wide, and h goes back") {
  Playing playing({12, 40});
  converse(playing.exchange);
  playing.press("4 \\");
  const std::string before = playing.screen();
  CHECK(before.find("total_size") == std::string::npos);
  playing.press("l l");
  CHECK(playing.screen().find("total_size") != std::string::npos);
  // Not further than the end of what is widest.
  for (int i = 0; i < 100; ++i) playing.press("l");
  CHECK(playing.screen().find("filename") != std::string::npos);
  for (int i = 0; i < 100; ++i) playing.press("h");
  CHECK(playing.screen() == before);
}

TEST_CASE("l shows the columns of connections for which there is no room") {
  Playing playing({12, 40});
  converse(playing.exchange);
  CHECK(playing.screen().find("last 8 s") == std::string::npos);
  for (int i = 0; i < 20; ++i) playing.press("l");
  CHECK(playing.screen().find("last 8 s") != std::string::npos);
}

TEST_CASE("what was searched for is marked wherever it is to be seen") {
  Small small;
  small.press("5 /");
  small.type("fin");
  small.press("Enter");
  const Canvas canvas = small.canvas();
  int marked = 0;
  for (int row = 0; row < canvas.size().rows; ++row)
    for (int column = 0; column < canvas.size().columns; ++column)
      marked += canvas.at(row, column).style == Style::Mark ? 1 : 0;
  CHECK(marked == 3 * 2);  // two packets
  const Found fin = find_on(canvas, "FIN");
  CHECK(canvas.at(fin.row, fin.column).style == Style::Mark);
}

TEST_CASE("what is copied has nothing in it that would do something to a terminal") {
  Small small;
  for (const char* keys : {"1", "2", "3", "4 j j", "5", "f"}) {
    small.wait();
    small.press(keys);
    const std::string copied = small.press("y").text;
    for (std::string_view rest = copied; !rest.empty();) {
      const auto point = decode_utf8(rest);
      REQUIRE(point);
      CHECK((point->value == '\n' || !is_control(point->value)));
      rest.remove_prefix(point->size);
    }
  }
}

TEST_CASE("in a pause the connections stay as they are, and the screen says what came since") {
  Small small;
  small.press("p");
  const auto lines = [&] {
    std::string text = small.screen();
    return text.erase(text.rfind('\n', text.size() - 2));
  };
  const std::string before = lines();
  small.exchange.datagram("more");
  small.exchange.datagram("and more");
  CHECK(lines() == before);
  CHECK(small.shows("PAUSED: 2 packets behind"));
  small.press("p");
  CHECK(lines() != before);
}

TEST_CASE("a pause holds every screen, those that are looked at later, too") {
  for (const char* paused_on : {"1", "3", "7"}) {
    Small small;
    const auto lines = [&](const char* keys) {
      small.wait();
      small.press(keys);
      std::string text = small.screen();
      return text.erase(text.rfind('\n', text.size() - 2));
    };
    std::vector<std::string> before;
    const char* const screens[] = {"1", "2", "3", "4", "5", "7", "f"};
    for (const char* screen : screens) before.push_back(lines(screen));
    small.wait();
    small.press(paused_on);
    small.press("p");
    small.exchange.from_client(kAck, "more of it");
    small.exchange.datagram("and a datagram");
    small.session.message("something was said");
    for (size_t i = 0; i < std::size(screens); ++i) {
      INFO(paused_on << " then " << screens[i]);
      CHECK(lines(screens[i]) == before[i]);
    }
    small.press("p");
    CHECK(lines("3") != before[2]);
  }
}
