// SPDX-License-Identifier: Apache-2.0
// ELF files of headers alone, for what looks at headers.
#pragma once

#include <elf.h>
#include <link.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace wireseam {

inline std::string bytes_of(const auto& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

// As this test program's own header: of this machine.
inline ElfW(Ehdr) native_header(uint16_t type) {
  ElfW(Ehdr) header{};
  std::ifstream("/proc/self/exe", std::ios::binary)
      .read(reinterpret_cast<char*>(&header), sizeof header);
  header.e_type = type;
  header.e_phoff = sizeof header;
  header.e_phentsize = sizeof(ElfW(Phdr));
  header.e_phnum = 0;
  return header;
}

// One program header of each type; a PT_DYNAMIC's content is DT_FLAGS_1 with these flags.
inline std::string elf_file(ElfW(Ehdr) header, const std::vector<uint32_t>& segments,
                            uint64_t flags = 0) {
  header.e_phnum = static_cast<uint16_t>(segments.size());
  const size_t end = sizeof header + segments.size() * sizeof(ElfW(Phdr));
  std::string file = bytes_of(header);
  for (const uint32_t type : segments) {
    ElfW(Phdr) segment{};
    segment.p_type = type;
    segment.p_offset = end;
    segment.p_filesz = 2 * sizeof(ElfW(Dyn));
    file += bytes_of(segment);
  }
  ElfW(Dyn) entries[2]{};
  entries[0].d_tag = DT_FLAGS_1;
  entries[0].d_un.d_val = flags;
  return file + bytes_of(entries);
}

// A program with a loader and one note of that name and type.
inline std::string elf_file_with_note(const std::string& name, uint32_t type) {
  const uint32_t sizes[] = {static_cast<uint32_t>(name.size()), 0, type};
  ElfW(Ehdr) header = native_header(ET_EXEC);
  header.e_phnum = 2;
  ElfW(Phdr) segments[2]{};
  segments[0].p_type = PT_INTERP;
  segments[1].p_type = PT_NOTE;
  segments[1].p_offset = sizeof header + sizeof segments;
  segments[1].p_filesz = sizeof sizes + name.size();
  return bytes_of(header) + bytes_of(segments) + bytes_of(sizes) + name;
}

// A program with a loader and one section of that name, which is loaded with it.
inline std::string elf_file_with_section(const std::string& name) {
  ElfW(Ehdr) header = native_header(ET_EXEC);
  header.e_phnum = 1;
  header.e_shoff = sizeof header + sizeof(ElfW(Phdr));
  header.e_shentsize = sizeof(ElfW(Shdr));
  header.e_shnum = 2;
  header.e_shstrndx = 0;
  ElfW(Phdr) loader{};
  loader.p_type = PT_INTERP;
  ElfW(Shdr) sections[2]{};
  sections[0].sh_offset = header.e_shoff + sizeof sections;
  sections[1].sh_type = SHT_PROGBITS;
  sections[1].sh_flags = SHF_ALLOC;
  return bytes_of(header) + bytes_of(loader) + bytes_of(sections) + name + '\0';
}

}  // namespace wireseam
