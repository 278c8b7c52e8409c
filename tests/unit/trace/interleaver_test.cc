// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/interleaver.h"

#include <string>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

// Lines of made-up calls: "a(" from begin to end, then "1)" and "= 0".
class Lines {
 public:
  Lines() { options_.result_column = 0; }

  void announce(uint32_t tid, uint64_t begin_ns) { interleaver_.announce(begun(tid, begin_ns)); }

  // Begun, or announced before, and ended.
  void call(uint32_t tid, uint64_t begin_ns, uint64_t end_ns) {
    const EndedCall ended{.end_ns = end_ns, .exit = "1)", .result = "= 0"};
    if (interleaver_.arguments_shown({tid, 1}))
      interleaver_.end({tid, 1}, ended);
    else
      interleaver_.add(begun(tid, begin_ns), ended);
  }

  Interleaver& operator*() { return interleaver_; }
  std::string text() const { return std::string(lines_.view()); }

 private:
  static BegunCall begun(uint32_t tid, uint64_t begin_ns) {
    static constexpr std::string_view kNames = "-abcdefgh";
    static constexpr std::string_view kEntries[] = {"", "a(", "b(", "c("};
    return {.key = {tid, 1},
            .begin_ns = begin_ns,
            .name = kNames.substr(tid, 1),
            .entry = kEntries[tid],
            .arguments = 0};
  }

  TextOptions options_;
  LineBuffer lines_;
  LineStart line_start_{options_};
  Interleaver interleaver_{options_, lines_, line_start_};
};

}  // namespace

TEST_CASE("calls that follow each other have a line each") {
  Lines lines;
  lines.call(1, 10, 20);
  lines.call(2, 20, 30);
  (*lines).flush();
  CHECK(lines.text() == "a(1) = 0\nb(1) = 0\n");
}

TEST_CASE("the end of a call is held back until something later is known") {
  Lines lines;
  lines.call(1, 10, 20);
  CHECK(lines.text() == "a(");
  lines.call(2, 30, 40);
  CHECK(lines.text() == "a(1) = 0\nb(");
}

TEST_CASE("calls in the order of their beginnings are cut where they overlap") {
  Lines lines;
  lines.call(1, 10, 40);
  lines.call(2, 20, 30);
  lines.call(3, 35, 50);
  (*lines).flush();
  CHECK(lines.text() ==
        "a( <unfinished ...>\n"
        "b(1) = 0\n"
        "c( <unfinished ...>\n"
        "<... a resumed>1) = 0\n"
        "<... c resumed>1) = 0\n");
}

TEST_CASE("calls in the order of their ends are cut where others were announced") {
  Lines lines;
  lines.announce(1, 10);
  lines.call(2, 20, 30);
  lines.announce(3, 35);
  lines.call(1, 10, 40);
  lines.call(3, 35, 50);
  (*lines).flush();
  CHECK(lines.text() ==
        "a( <unfinished ...>\n"
        "b(1) = 0\n"
        "c( <unfinished ...>\n"
        "<... a resumed>1) = 0\n"
        "<... c resumed>1) = 0\n");
}

TEST_CASE("an announced call that nothing comes into is shown in one line") {
  Lines lines;
  lines.announce(1, 10);
  (*lines).flush();
  CHECK(lines.text().empty());
  lines.call(1, 10, 20);
  (*lines).flush();
  CHECK(lines.text() == "a(1) = 0\n");
}

TEST_CASE("a call that is running is announced once, however often") {
  Lines lines;
  lines.announce(1, 10);
  lines.announce(1, 10);
  (*lines).show_announced();
  lines.announce(1, 10);
  (*lines).show_announced();
  CHECK(lines.text() == "a(");
}

TEST_CASE("a note cuts the line of a running call") {
  Lines lines;
  lines.announce(1, 10);
  (*lines).add_note(2, 20, "+++");
  CHECK(lines.text() == "a( <unfinished ...>\n+++\n");
}

TEST_CASE("at the end no line is left open") {
  Lines lines;
  lines.call(1, 10, 20);
  lines.announce(2, 15);
  (*lines).finish();
  CHECK(lines.text() ==
        "a( <unfinished ...>\n"
        "b( <unfinished ...>\n"
        "<... a resumed>1) = 0\n");
}
