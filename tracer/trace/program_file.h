// SPDX-License-Identifier: Apache-2.0
// What an ELF file's headers say about whether a shim can see what its program does (elf(5)). The
// shim asks it of a program that is about to be executed, the collector of files; so it needs
// nothing but a way to read, and the file may hold anything.
#pragma once

#include <elf.h>
#include <link.h>
#include <string.h>

#include <cstddef>
#include <cstdint>

namespace wireseam {

struct ProgramFile {
  uint8_t elf_class = 0;    // ELFCLASS32, ELFCLASS64
  uint8_t byte_order = 0;   // ELFDATA2LSB, ELFDATA2MSB
  uint16_t machine = 0;     // EM_...; of the other byte order, where it is of that one
  bool native = false;      // of the same three as we are
  bool has_loader = false;  // a dynamic loader starts it, or it is one; only told of native files
  bool is_go = false;       // made by Go's linker; only told of native files
};

namespace program_file {

#if defined(__x86_64__)
inline constexpr uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
inline constexpr uint16_t kMachine = EM_AARCH64;
#else
inline constexpr uint16_t kMachine = EM_NONE;
#endif
inline constexpr uint8_t kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
inline constexpr uint8_t kByteOrder =
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;

// Files name more headers than they have; ours have some 40 sections.
inline constexpr uint32_t kMostHeaders = 256;

// A note of Go's linker: its name and the type of a build id (cmd/link/internal/ld/elf.go).
struct GoNote {
  uint32_t name_size;
  uint32_t size;
  uint32_t type;
  char name[4];
};
inline constexpr uint32_t kGoBuildId = 4;

// Each of these reads `Read(void* target, size_t size, uint64_t offset)`, true where all is there.
template <typename Read>
bool is_go_note(const Read& read, const ElfW(Phdr) & segment) {
  GoNote note;
  uint64_t at = segment.p_offset;
  for (int i = 0; i < 16 && at + sizeof note <= segment.p_offset + segment.p_filesz; ++i) {
    if (!read(&note, sizeof note, at)) return false;
    if (note.type == kGoBuildId && note.name_size == sizeof note.name &&
        memcmp(note.name, "Go\0", sizeof note.name) == 0)
      return true;
    const auto padded = [](uint32_t size) { return (uint64_t{size} + 3) & ~uint64_t{3}; };
    at += 12 + padded(note.name_size) + padded(note.size);
  }
  return false;
}

template <typename Read>
uint64_t dynamic_value(const Read& read, const ElfW(Phdr) & dynamic, int64_t tag) {
  ElfW(Dyn) entry;
  for (uint64_t at = 0; at + sizeof entry <= dynamic.p_filesz; at += sizeof entry) {
    if (at == kMostHeaders * sizeof entry) break;
    if (!read(&entry, sizeof entry, dynamic.p_offset + at) || entry.d_tag == DT_NULL) break;
    if (entry.d_tag == tag) return entry.d_un.d_val;
  }
  return 0;
}

// Where the linker was told to leave the build id out, a section still says which Go it was.
template <typename Read>
bool has_go_section(const Read& read, const ElfW(Ehdr) & header) {
  constexpr char kName[] = ".go.buildinfo";
  const auto read_section = [&](uint32_t index, ElfW(Shdr) & section) {
    return read(&section, sizeof section, header.e_shoff + uint64_t{index} * sizeof section);
  };
  ElfW(Shdr) names;
  if (header.e_shentsize != sizeof names || !read_section(header.e_shstrndx, names)) return false;
  const uint32_t count = header.e_shnum < kMostHeaders ? header.e_shnum : kMostHeaders;
  for (uint32_t i = 1; i < count; ++i) {
    ElfW(Shdr) section;
    char name[sizeof kName];
    if (!read_section(i, section)) return false;
    if (section.sh_type != SHT_PROGBITS || (section.sh_flags & SHF_ALLOC) == 0) continue;
    if (read(name, sizeof name, names.sh_offset + section.sh_name) &&
        memcmp(name, kName, sizeof name) == 0)
      return true;
  }
  return false;
}

// A static position-independent program and the loader itself (`ld.so PROGRAM` is a way to start
// one) are both of type ET_DYN and name no loader; only the former is marked as a program.
template <typename Read>
void read_segments(const Read& read, const ElfW(Ehdr) & header, ProgramFile& file) {
  if (header.e_phentsize != sizeof(ElfW(Phdr))) return;
  const uint32_t count = header.e_phnum < kMostHeaders ? header.e_phnum : kMostHeaders;
  for (uint32_t i = 0; i < count; ++i) {
    ElfW(Phdr) segment;
    if (!read(&segment, sizeof segment, header.e_phoff + uint64_t{i} * sizeof segment)) return;
    if (segment.p_type == PT_INTERP) file.has_loader = true;
    if (segment.p_type == PT_NOTE && is_go_note(read, segment)) file.is_go = true;
    if (segment.p_type == PT_DYNAMIC && header.e_type == ET_DYN &&
        (dynamic_value(read, segment, DT_FLAGS_1) & DF_1_PIE) == 0)
      file.has_loader = true;
  }
}

}  // namespace program_file

// False where it is no ELF file, or where its first header is cut off.
template <typename Read>
bool read_program_file(const Read& read, ProgramFile& file) {
  Elf32_Ehdr start;  // both classes have at the same places what is read of it
  if (!read(&start, sizeof start, uint64_t{0}) || memcmp(start.e_ident, ELFMAG, SELFMAG) != 0)
    return false;
  file.elf_class = start.e_ident[EI_CLASS];
  file.byte_order = start.e_ident[EI_DATA];
  file.machine = start.e_machine;
  file.native = file.elf_class == program_file::kClass &&
                file.byte_order == program_file::kByteOrder &&
                file.machine == program_file::kMachine;
  if (!file.native) return true;
  ElfW(Ehdr) header;
  if (!read(&header, sizeof header, uint64_t{0})) return false;
  program_file::read_segments(read, header, file);
  if (!file.is_go) file.is_go = program_file::has_go_section(read, header);
  return true;
}

}  // namespace wireseam
