// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/elf_symbols.h"

#include <link.h>

#include <fstream>

#include "tests/unit/catch2.h"

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
