// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/allow_list.h"

#include "tests/unit/catch2.h"

using wireseam::samples::is_allowed;

TEST_CASE("without a list everything is allowed") { CHECK(is_allowed("rm -rf x; ls", {})); }

TEST_CASE("an entry of one word allows that program with plain arguments") {
  CHECK(is_allowed("ls", {"cat", "ls"}));
  CHECK(is_allowed("ls -l /tmp/a,b=c@d%e:f+g_h.txt", {"ls"}));
  CHECK_FALSE(is_allowed("lsof", {"ls"}));
  CHECK_FALSE(is_allowed("cat ls", {"ls"}));
  CHECK_FALSE(is_allowed("", {"ls"}));
}

TEST_CASE("an entry of several words allows exactly that line") {
  CHECK(is_allowed("ls -l", {"ls -l"}));
  CHECK_FALSE(is_allowed("ls", {"ls -l"}));
  CHECK_FALSE(is_allowed("ls -l -a", {"ls -l"}));
  CHECK(is_allowed("echo $HOME | wc", {"echo $HOME | wc"}));
}

TEST_CASE("no character that means something to the shell passes for an argument") {
  for (const char c : std::string("\n\t;&|<>()$`\\\"'*?[]#~!{}\x01\xff", 24))
    CHECK_FALSE(is_allowed(std::string("ls ") + c + " rm", {"ls"}));
  CHECK_FALSE(is_allowed("ls\nrm x", {"ls"}));
}
