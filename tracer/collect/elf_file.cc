// SPDX-License-Identifier: Apache-2.0
// elf(5). A native file is read further than its first header: only there does it matter whether a
// loader starts it.
#include "tracer/collect/elf_file.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <bit>
#include <cstddef>
#include <cstring>

#include "common/fd.h"

namespace wireseam {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Dynamic = ElfW(Dyn);

template <typename Struct>
std::optional<Struct> read_at(int fd, uint64_t offset) {
  Struct value;
  const ssize_t size = pread(fd, &value, sizeof value, static_cast<off_t>(offset));
  if (size != static_cast<ssize_t>(sizeof value)) return std::nullopt;
  return value;
}

std::optional<Segment> find_segment(int fd, const Header& header, uint32_t type) {
  if (header.e_phentsize != sizeof(Segment)) return std::nullopt;
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = read_at<Segment>(fd, header.e_phoff + i * sizeof(Segment));
    if (segment && segment->p_type == type) return segment;
  }
  return std::nullopt;
}

uint64_t dynamic_value(int fd, const Segment& dynamic, int64_t tag) {
  for (uint64_t at = 0; at + sizeof(Dynamic) <= dynamic.p_filesz; at += sizeof(Dynamic)) {
    const auto entry = read_at<Dynamic>(fd, dynamic.p_offset + at);
    if (!entry || entry->d_tag == DT_NULL) break;
    if (entry->d_tag == tag) return entry->d_un.d_val;
  }
  return 0;
}

// A static position-independent program and the loader itself (`ld.so PROGRAM` is a way to start
// one) are both of type ET_DYN and name no loader; only the former is marked as a program.
bool is_loader(int fd, const Header& header) {
  if (header.e_type != ET_DYN) return false;
  const auto dynamic = find_segment(fd, header, PT_DYNAMIC);
  return dynamic && (dynamic_value(fd, *dynamic, DT_FLAGS_1) & DF_1_PIE) == 0;
}

// What both classes have at the same places.
std::optional<ElfFile> read_identity(int fd) {
  const auto header = read_at<Elf32_Ehdr>(fd, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
  ElfFile file;
  file.elf_class = header->e_ident[EI_CLASS];
  file.byte_order = header->e_ident[EI_DATA];
  file.machine = header->e_machine;
  return file;
}

bool is_native(const ElfFile& file) {
  const Fd self(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  const auto own = read_identity(self.get());
  return !own || (own->elf_class == file.elf_class && own->byte_order == file.byte_order &&
                  own->machine == file.machine);
}

}  // namespace

std::optional<ElfFile> read_elf(int fd) {
  auto file = read_identity(fd);
  if (!file) return std::nullopt;
  file->native = is_native(*file);
  if (!file->native) return file;
  const auto header = read_at<Header>(fd, 0);
  if (!header) return std::nullopt;
  file->has_loader = find_segment(fd, *header, PT_INTERP).has_value() || is_loader(fd, *header);
  return file;
}

std::string machine_name(const ElfFile& file) {
  constexpr bool kLittle = std::endian::native == std::endian::little;
  if (file.byte_order != (kLittle ? ELFDATA2LSB : ELFDATA2MSB)) return "the other byte order";
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
