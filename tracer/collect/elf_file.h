// SPDX-License-Identifier: Apache-2.0
// What an ELF file's headers say about whether the loader can put the shim into its program. The
// file may hold anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace wireseam {

struct ElfFile {
  uint8_t elf_class = 0;    // ELFCLASS32, ELFCLASS64
  uint8_t byte_order = 0;   // ELFDATA2LSB, ELFDATA2MSB
  uint16_t machine = 0;     // EM_...; 0 where it is of the other byte order
  bool native = false;      // of the same three as wireseam itself
  bool has_loader = false;  // a dynamic loader starts it, or it is one; only told of native files
};

// The file behind the descriptor, read with pread(2). No value where it is no ELF file, or where
// its headers are cut off or can't be.
std::optional<ElfFile> read_elf(int fd);

// "i386", "AArch64", ...; "machine 243" where it is none of the well-known ones.
std::string machine_name(const ElfFile& file);

}  // namespace wireseam
