// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/table_layout.h"

#include "tests/unit/catch2.h"

using namespace wireseam;

TEST_CASE("a call that is cut keeps its result") {
  CHECK(cut_to("send(4, \"hello\", 5, 0) = 5", 26) == "send(4, \"hello\", 5, 0) = 5");
  CHECK(cut_to("send(4, \"hello\", 5, 0) = 5", 20) == "send(4, \"hel...) = 5");
  CHECK(cut_to("recv(3, 0x7ffd, 9, 0) = -1 EAGAIN (Resource temporarily unavailable)", 30) ==
        "recv(3, 0x7ffd...) = -1 EAGAIN");
}

TEST_CASE("where places in a script are too long their column leaves its name out") {
  const std::vector<TableRow> rows = {{"e.py:1 s.close()"}, {"e.py:12 conn, addr = s.accept()"}};
  CHECK(lay_out(rows, {.width = 40, .weights = {1}}) ==
        "e.py:1 s.close()\ne.py:12 conn, addr = s.accept()\n");
  CHECK(lay_out(rows, {.width = 20, .weights = {1}}) == ":1 s.close()\n:12 conn, addr = ...\n");
}

TEST_CASE("characters of several bytes are cut between, not within") {
  CHECK(cut_to("\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4", 5) == "\u00e4\u00e4...");
}

TEST_CASE("a table that is not cut has columns as wide as their cells") {
  const std::string table = lay_out({{"a", "bb"}, {"long", "c"}}, {.width = 0, .weights = {1, 1}});
  CHECK(table == "a     bb\nlong  c\n");
}

TEST_CASE("a table that is cut is no wider than asked, and short columns are whole") {
  const std::string cell(50, 'x');
  const std::string table = lay_out({{"1", cell, cell}}, {.width = 45, .weights = {1, 1, 1}});
  CHECK(table == "1  " + std::string(17, 'x') + "...  " + std::string(17, 'x') + "...\n");
}
