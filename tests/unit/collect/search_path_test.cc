// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/search_path.h"

#include <filesystem>

#include "tests/unit/catch2.h"
#include "tests/unit/collect/temporary_folder.h"

using namespace wireseam;

namespace {

// What a shell would give for that name.
int exit_status_of(const std::string& name, std::string_view search_path) {
  try {
    find_program(name, search_path);
  } catch (const CannotRun& error) {
    return error.exit_status();
  }
  return 0;
}

}  // namespace

TEST_CASE("a name without a slash is the first executable file of the search path") {
  const TemporaryFolder first;
  const TemporaryFolder second;
  const std::string folders = "/nonexistent:" + first.path("") + ":" + second.path("");
  first.file("program", "", 0644);
  std::filesystem::create_directory(first.path("folder"));
  const auto program = second.file("program", "");
  const auto folder = second.file("folder", "");
  CHECK(std::filesystem::equivalent(find_program("program", folders), program));
  CHECK(std::filesystem::equivalent(find_program("folder", folders), folder));
}

TEST_CASE("a name with a slash is that file and no other") {
  const TemporaryFolder folder;
  const auto program = folder.file("program", "");
  CHECK(find_program(program, "/bin") == program);
  CHECK(exit_status_of("./sh", "/bin") == 127);
}

TEST_CASE("what is not there ends with 127") {
  CHECK(exit_status_of("no such program", "/bin:/usr/bin") == 127);
  CHECK(exit_status_of("", "/bin") == 127);
  CHECK(exit_status_of("sh", "/nonexistent") == 127);
}

TEST_CASE("what is there and can't be executed ends with 126") {
  const TemporaryFolder folder;
  const auto file = folder.file("file", "", 0644);
  CHECK(exit_status_of(file, "") == 126);
  CHECK(exit_status_of("file", folder.path("")) == 126);
  CHECK(exit_status_of(folder.path(""), "") == 126);
}
