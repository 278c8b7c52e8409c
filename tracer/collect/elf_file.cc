// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/elf_file.h"

#include <elf.h>
#include <unistd.h>

namespace wireseam {

std::optional<ProgramFile> read_elf(int fd) {
  const auto read = [fd](void* target, size_t size, uint64_t offset) {
    return pread(fd, target, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
  };
  ProgramFile file;
  if (!read_program_file(read, file)) return std::nullopt;
  return file;
}

std::string machine_name(const ProgramFile& file) {
  if (file.byte_order != program_file::kByteOrder) return "the other byte order";
  switch (file.machine) {
    case EM_386:
      return "i386";
    case EM_X86_64:
      return file.elf_class == ELFCLASS32 ? "x32" : "x86-64";
    case EM_ARM:
      return "ARM";
    case EM_AARCH64:
      return "AArch64";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "PowerPC64";
    case EM_S390:
      return "S390";
    case EM_MIPS:
      return "MIPS";
    default:
      return "machine " + std::to_string(file.machine);
  }
}

}  // namespace wireseam
