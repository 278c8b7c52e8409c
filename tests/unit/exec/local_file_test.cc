// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/local_file.h"

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/temp_folder.h"

using namespace wireseam::samples;

TEST_CASE("a file has its name only when it is complete") {
  const TempFolder temp;
  LocalFile file(temp / "a", IfExists::Refuse);
  file.write("hel");
  file.write("lo");
  CHECK_FALSE(std::filesystem::exists(temp / "a"));
  file.commit();
  CHECK(temp.read("a") == "hello");
  CHECK(temp.entries() == 1);
}

TEST_CASE("a file that is given up leaves nothing, and the old one as it was") {
  const TempFolder temp;
  temp.write("a", "old");
  {
    LocalFile file(temp / "a", IfExists::Replace);
    file.write("new");
  }
  CHECK(temp.read("a") == "old");
  CHECK(temp.entries() == 1);
}

TEST_CASE("a file is replaced only where that was asked for") {
  const TempFolder temp;
  temp.write("a", "old");
  CHECK_THROWS_WITH(LocalFile(temp / "a", IfExists::Refuse),
                    "cannot write '" + (temp / "a") + "': File exists");
  LocalFile file(temp / "a", IfExists::Replace);
  file.write("new");
  file.commit();
  CHECK(temp.read("a") == "new");
}

TEST_CASE("a file that appears meanwhile is not replaced") {
  const TempFolder temp;
  LocalFile file(temp / "a", IfExists::Refuse);
  temp.write("a", "theirs");
  CHECK_THROWS_AS(file.commit(), wireseam::Error);
  CHECK(temp.read("a") == "theirs");
}

TEST_CASE("a device is written to as it is") {
  LocalFile file("/dev/null", IfExists::Replace);
  file.write("hello");
  file.commit();
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("a folder is not written to") {
  const TempFolder temp;
  CHECK_THROWS_AS(LocalFile(temp.path(), IfExists::Replace), wireseam::Error);
}
