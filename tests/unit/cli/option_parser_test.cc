// SPDX-License-Identifier: Apache-2.0
#include "cli/option_parser.h"

#include "cli/command_line.h"
#include "tests/unit/catch2.h"
#include "tests/unit/cli/arguments.h"

using namespace wireseam;

namespace {

struct Given {
  int level = 0;
  std::vector<std::string> words;
  std::vector<std::string> files;
  uint64_t size = 0;
  size_t word = 0;
  std::vector<std::string> rest;
};

Given parse(const Arguments& arguments) {
  Given given;
  OptionParser parser("test");
  parser.level("-t,--time", "[=WORD]", "", [&](const std::string& word) {
    ++given.level;
    given.words.push_back(word);
  });
  parser.text("-o,--output", "FILE", "",
              [&](const std::string& file) { given.files.push_back(file); });
  parser.number("-s,--size", "", 100, [&](uint64_t size) { given.size = size; });
  parser.choice("--as", {"libc", "syscall"}, "", [&](size_t word) { given.word = word; });
  parser.refuse("-p", "it can't");
  given.rest = parser.parse(arguments.span());
  return given;
}

std::string usage_error(const Arguments& arguments) {
  try {
    parse(arguments);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the first word that is no option ends the options") {
  CHECK(parse({"-t", "ls", "-t", "--", "-x"}).rest == Words{"ls", "-t", "--", "-x"});
  CHECK(parse({"-o", "-t", "-t", "ls"}).level == 1);
  CHECK(parse({"-", "x"}).rest == Words{"-", "x"});
  CHECK(parse({}).rest.empty());
}

TEST_CASE("a double dash ends the options, once") {
  CHECK(parse({"-t", "--", "ls", "--"}).rest == Words{"ls", "--"});
  CHECK(parse({"--", "--size"}).rest == Words{"--size"});
  CHECK(parse({"--", "--", "ls"}).rest == Words{"--", "ls"});
}

TEST_CASE("short options may stand together and have their argument behind them") {
  const Given given = parse({"-ttofile", "-s12", "-t", "ls"});
  CHECK(given.level == 3);
  CHECK(given.files == Words{"file"});
  CHECK(given.size == 12);
}

TEST_CASE("a value that may be left out stands behind an equals sign, never in the next argument") {
  const Given given = parse({"-t", "--time=ns", "--time", "ls"});
  CHECK(given.words == Words{"", "ns", ""});
  CHECK(given.rest == Words{"ls"});
}

TEST_CASE("of an option that was given twice each, or the last one counts") {
  CHECK(parse({"-o", "a", "--output=b"}).files == Words{"a", "b"});
  CHECK(parse({"-s", "1", "-s", "2"}).size == 2);
}

TEST_CASE("an unknown option is told with the one that was meant") {
  CHECK(usage_error({"--ouptut=x", "ls"}) == "unknown option '--ouptut'; did you mean '--output'?");
  CHECK(usage_error({"-tq", "ls"}) == "unknown option '-q'");
  CHECK(usage_error({"--completely-different"}) == "unknown option '--completely-different'");
}

TEST_CASE("a bad argument is told with what the option takes") {
  CHECK(usage_error({"-s", "-1", "ls"}) == "-s/--size takes a number from 0 to 100, not '-1'");
  CHECK(usage_error({"-s", "101"}) == "-s/--size takes a number from 0 to 100, not '101'");
  CHECK(usage_error({"-s", "9x"}) == "-s/--size takes a number from 0 to 100, not '9x'");
  CHECK(usage_error({"--as", "sycsall"}) ==
        "--as takes libc or syscall, not 'sycsall'; did you mean 'syscall'?");
  CHECK(usage_error({"-o"}) == "option '--output' needs an argument");
}

TEST_CASE("an option that strace has and that is not there is told with the reason") {
  CHECK(usage_error({"-p", "12"}) == "there is no -p here: it can't");
}

TEST_CASE("help is no error") { CHECK_THROWS_AS(parse({"--help"}), HelpRequest); }
