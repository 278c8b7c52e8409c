// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/untraceable.h"

#include <unistd.h>

#include <filesystem>

#include "tests/unit/catch2.h"
#include "tests/unit/collect/elf_builder.h"
#include "tests/unit/temp_folder.h"

using namespace wireseam;

namespace {

std::optional<Obstacle> obstacle_of(const std::string& content, unsigned mode = 0755) {
  const TempFolder folder;
  const auto found = find_obstacle(folder.write_program("program", content, mode));
  return found ? std::optional(found->obstacle) : std::nullopt;
}

}  // namespace

TEST_CASE("a program that names its loader can be traced") {
  CHECK_FALSE(obstacle_of(elf_file(native_header(ET_EXEC), {PT_LOAD, PT_INTERP})));
  CHECK_FALSE(obstacle_of(elf_file(native_header(ET_DYN), {PT_INTERP, PT_DYNAMIC}, DF_1_PIE)));
}

TEST_CASE("a program without a loader is static") {
  CHECK(obstacle_of(elf_file(native_header(ET_EXEC), {PT_LOAD})) == Obstacle::Static);
}

TEST_CASE("a static program stays one when its addresses are free") {
  CHECK(obstacle_of(elf_file(native_header(ET_DYN), {PT_DYNAMIC}, DF_1_PIE)) == Obstacle::Static);
}

TEST_CASE("the loader, called with a program, can be traced") {
  CHECK_FALSE(obstacle_of(elf_file(native_header(ET_DYN), {PT_LOAD, PT_DYNAMIC}, 0)));
}

TEST_CASE("a program of another machine, word size or byte order is foreign") {
  auto machine = native_header(ET_EXEC);
  machine.e_machine = EM_SPARCV9;
  CHECK(obstacle_of(elf_file(machine, {PT_INTERP})) == Obstacle::Foreign);
  auto words = native_header(ET_EXEC);
  words.e_ident[EI_CLASS] = ELFCLASS32;
  CHECK(obstacle_of(elf_file(words, {PT_INTERP})) == Obstacle::Foreign);
  auto order = native_header(ET_EXEC);
  order.e_ident[EI_DATA] = ELFDATA2MSB;
  CHECK(obstacle_of(elf_file(order, {PT_INTERP})) == Obstacle::Foreign);
}

TEST_CASE(
    "a dynamic program of Go is known by its note, or by its section where that was left out") {
  const std::string go{'G', 'o', '\0', '\0'};
  CHECK(obstacle_of(elf_file_with_note(go, 4)) == Obstacle::Go);
  CHECK(obstacle_of(elf_file_with_section(".go.buildinfo")) == Obstacle::Go);
  CHECK_FALSE(obstacle_of(elf_file_with_note(go, 3)));
  CHECK_FALSE(obstacle_of(elf_file_with_note(std::string({'G', 'N', 'U', '\0'}), 4)));
  CHECK_FALSE(obstacle_of(elf_file_with_note(go, 4).substr(0, sizeof(ElfW(Ehdr)) + 120)));
  CHECK_FALSE(obstacle_of(elf_file_with_section(".go.buildinfo2")));
}

TEST_CASE("of a script its interpreter counts") {
  const TempFolder folder;
  const auto program = folder.write_program("static", elf_file(native_header(ET_EXEC), {PT_LOAD}));
  const auto script = folder.write_program("script", "#! \t" + program + " -x\necho\n");
  CHECK(find_obstacle(script)->obstacle == Obstacle::Static);
  CHECK(find_obstacle(folder.write_program("script of a script", "#!" + script))->obstacle ==
        Obstacle::Static);
  CHECK_FALSE(find_obstacle(folder.write_program("shell script", "#!/bin/sh\n")));
}

TEST_CASE("a script that is its own interpreter is not looked through for ever") {
  const TempFolder folder;
  CHECK_FALSE(find_obstacle(folder.write_program("loop", "#!" + (folder / "loop") + "\n")));
}

TEST_CASE("what is no program, or cut off, is nobody's obstacle") {
  CHECK_FALSE(obstacle_of(""));
  CHECK_FALSE(obstacle_of("#!"));
  CHECK_FALSE(obstacle_of("plain text"));
  CHECK_FALSE(obstacle_of(std::string("\x7f") + "ELF"));
  CHECK_FALSE(obstacle_of(bytes_of(native_header(ET_EXEC)).substr(0, 60)));
  CHECK_FALSE(find_obstacle("/nonexistent"));
  CHECK_FALSE(find_obstacle("/"));
}

TEST_CASE("a program that would become another user, or another group, is privileged") {
  const TempFolder folder;
  const auto program =
      folder.write_program("program", elf_file(native_header(ET_EXEC), {PT_INTERP}), 04755);
  CHECK_FALSE(find_obstacle(program));  // ours already
  if (geteuid() != 0) return;           // only root may give files away
  REQUIRE(chown(program.c_str(), 12345, 12345) == 0);
  std::filesystem::permissions(program, static_cast<std::filesystem::perms>(04755));
  CHECK(find_obstacle(program)->obstacle == Obstacle::Privileged);
  std::filesystem::permissions(program, static_cast<std::filesystem::perms>(02755));
  CHECK(find_obstacle(program)->obstacle == Obstacle::Privileged);
  std::filesystem::permissions(program, static_cast<std::filesystem::perms>(02745));
  CHECK_FALSE(find_obstacle(program));
}

TEST_CASE("the reason names the program and what to do") {
  const TempFolder folder;
  const auto program = folder.write_program("program", elf_file(native_header(ET_EXEC), {PT_LOAD}));
  const auto reason = why_untraceable(program).value();
  CHECK(reason.find("'" + program + "' is statically linked") == 0);
  CHECK(reason.find("--via strace") != reason.npos);
  CHECK(reason.find('\n') == reason.npos);
}
