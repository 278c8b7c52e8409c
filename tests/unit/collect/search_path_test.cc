// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/search_path.h"

#include <filesystem>

#include "tests/unit/catch2.h"
#include "tests/unit/temp_folder.h"

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
  const TempFolder first;
  const TempFolder second;
  const std::string folders = "/nonexistent:" + (first / "") + ":" + (second / "");
  first.write_program("program", "", 0644);
  std::filesystem::create_directory(first / "folder");
  const auto program = second.write_program("program", "");
  const auto folder = second.write_program("folder", "");
  CHECK(std::filesystem::equivalent(find_program("program", folders), program));
  CHECK(std::filesystem::equivalent(find_program("folder", folders), folder));
}

TEST_CASE("a name with a slash is that file and no other") {
  const TempFolder folder;
  const auto program = folder.write_program("program", "");
  CHECK(find_program(program, "/bin") == program);
  CHECK(exit_status_of("./sh", "/bin") == 127);
}

TEST_CASE("what is not there ends with 127") {
  CHECK(exit_status_of("no such program", "/bin:/usr/bin") == 127);
  CHECK(exit_status_of("", "/bin") == 127);
  CHECK(exit_status_of("sh", "/nonexistent") == 127);
}

TEST_CASE("what is there and can't be executed ends with 126") {
  const TempFolder folder;
  const auto file = folder.write_program("file", "", 0644);
  CHECK(exit_status_of(file, "") == 126);
  CHECK(exit_status_of("file", folder / "") == 126);
  CHECK(exit_status_of(folder / "", "") == 126);
}
