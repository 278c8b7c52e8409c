// SPDX-License-Identifier: Apache-2.0
// The file may be anything, and may become shorter while it is read: it is read piece by piece,
// never mapped, and what isn't there is not found.
#include "tracer/collect/elf_symbols.h"

#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "common/fd.h"

namespace wireseam {
namespace {

constexpr size_t kPiece = 4096;         // symbols that are read at a time
constexpr size_t kLongestName = 16384;  // bytes

class ElfFile {
 public:
  explicit ElfFile(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat status {};
    if (fd_ && (fstat(fd_.get(), &status) != 0 || !S_ISREG(status.st_mode))) fd_.reset();
  }

  // How many bytes of so many there are.
  size_t read(void* target, size_t size, uint64_t offset) const {
    if (offset > INT64_MAX) return 0;
    const ssize_t count = pread(fd_.get(), target, size, static_cast<off_t>(offset));
    return count > 0 ? static_cast<size_t>(count) : 0;
  }

  template <typename T>
  std::optional<T> read(uint64_t offset) const {
    T value;
    return read(&value, sizeof value, offset) == sizeof value ? std::optional(value) : std::nullopt;
  }

 private:
  Fd fd_;
};

std::optional<Elf64_Shdr> section(const ElfFile& file, const Elf64_Ehdr& header, size_t index) {
  if (index >= header.e_shnum || header.e_shentsize != sizeof(Elf64_Shdr)) return std::nullopt;
  return file.read<Elf64_Shdr>(header.e_shoff + index * sizeof(Elf64_Shdr));
}

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? text.get() : name;
}

// No value where it doesn't end.
std::optional<std::string> name_at(const ElfFile& file, const Elf64_Shdr& names, uint32_t at) {
  if (at >= names.sh_size) return std::nullopt;
  std::string name(std::min<uint64_t>(names.sh_size - at, kLongestName), '\0');
  name.resize(file.read(name.data(), name.size(), names.sh_offset + at));
  const size_t end = name.find('\0');
  return end == name.npos ? std::nullopt : std::optional(demangled(name.c_str()));
}

bool covers(const Elf64_Sym& symbol, uint64_t address) {
  return ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && address >= symbol.st_value &&
         address - symbol.st_value < symbol.st_size;
}

std::optional<ElfSymbol> symbol_in(const ElfFile& file, const Elf64_Shdr& symbols,
                                   const Elf64_Shdr& names, uint64_t address) {
  std::array<Elf64_Sym, kPiece> piece;
  for (uint64_t at = 0; at < symbols.sh_size; at += sizeof piece) {
    const size_t wanted = std::min<uint64_t>(sizeof piece, symbols.sh_size - at);
    const size_t count =
        file.read(piece.data(), wanted, symbols.sh_offset + at) / sizeof(Elf64_Sym);
    for (size_t i = 0; i < count; ++i) {
      if (!covers(piece[i], address)) continue;
      if (auto name = name_at(file, names, piece[i].st_name))
        return ElfSymbol{std::move(*name), address - piece[i].st_value};
    }
    if (count < piece.size()) break;
  }
  return std::nullopt;
}

std::optional<ElfSymbol> symbol_in_tables(const ElfFile& file, const Elf64_Ehdr& header,
                                          uint32_t table, uint64_t address) {
  for (size_t i = 0; i < header.e_shnum; ++i) {
    const auto symbols = section(file, header, i);
    if (!symbols || symbols->sh_type != table) continue;
    const auto names = section(file, header, symbols->sh_link);
    if (!names) continue;
    if (auto found = symbol_in(file, *symbols, *names, address)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ElfSymbol> find_elf_symbol(const std::string& path, uint64_t address) {
  const ElfFile file(path);
  const auto header = file.read<Elf64_Ehdr>(0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64)
    return std::nullopt;
  if (auto found = symbol_in_tables(file, *header, SHT_SYMTAB, address)) return found;
  return symbol_in_tables(file, *header, SHT_DYNSYM, address);
}

}  // namespace wireseam
