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

}  // namespace wireseam
