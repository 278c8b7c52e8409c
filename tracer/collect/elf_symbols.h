// SPDX-License-Identifier: Apache-2.0
// Symbols of ELF files (elf(5)): whose code lies at an address.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace wireseam {

struct ElfSymbol {
  std::string name;     // demangled
  uint64_t offset = 0;  // of the address in it
};

// `address` as in the file (its load base taken off). No value where the file can't be read, is no
// 64-bit ELF file of this machine's byte order, or names nothing there. Reads the file's whole
// symbol table each time: remember the answer.
std::optional<ElfSymbol> find_elf_symbol(const std::string& path, uint64_t address);

}  // namespace wireseam
