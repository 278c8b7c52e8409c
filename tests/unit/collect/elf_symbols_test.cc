// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/elf_symbols.h"

#include <link.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/unit/catch2.h"
#include "tests/unit/temp_folder.h"

using namespace wireseam;

namespace wireseam::test {

[[gnu::noinline]] int somewhere() { return 42; }

}  // namespace wireseam::test

namespace {

uint64_t own_load_base() {
  uint64_t base = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* result) {
        *static_cast<uint64_t*>(result) = info->dlpi_addr;
        return 1;  // the program comes first
      },
      &base);
  return base;
}

}  // namespace

TEST_CASE("an address in a function is named, demangled, with its offset") {
  const auto address = reinterpret_cast<uint64_t>(&test::somewhere) - own_load_base();
  const auto symbol = find_elf_symbol("/proc/self/exe", address + 1);
  REQUIRE(symbol);
  CHECK(symbol->name == "wireseam::test::somewhere()");
  CHECK(symbol->offset == 1);
}

TEST_CASE("what is no ELF file names nothing") {
  CHECK_FALSE(find_elf_symbol("/proc/self/status", 1));
  CHECK_FALSE(find_elf_symbol("/no/such/file", 1));
  CHECK_FALSE(find_elf_symbol("/", 1));
}

TEST_CASE("an address outside of every function has no name") {
  CHECK_FALSE(find_elf_symbol("/proc/self/exe", ~uint64_t{0}));
}

TEST_CASE("a file that becomes shorter while it is read harms nobody") {
  const TempFolder folder;
  const std::string path = folder / "program";
  std::filesystem::copy_file("/proc/self/exe", path);
  const auto whole = std::filesystem::file_size(path);
  std::atomic<bool> is_over = false;
  std::thread shortens([&] {
    while (!is_over) {
      std::filesystem::resize_file(path, 4096);
      std::filesystem::resize_file(path, whole);
    }
  });
  size_t found = 0;
  for (int times = 0; times < 2000; ++times) found += find_elf_symbol(path, 1) ? 1 : 0;
  is_over = true;
  shortens.join();
  CHECK(found < 2000);
}
