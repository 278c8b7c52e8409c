// SPDX-License-Identifier: Apache-2.0
// The file may be anything: it is read through bounds-checked spans alone.
#include "tracer/collect/elf_symbols.h"

#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include "common/fd.h"
#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

// A file in memory, read only.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
      return;
    const auto size = static_cast<size_t>(status.st_size);
    void* mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (mapped != MAP_FAILED) bytes_ = Bytes(static_cast<const std::byte*>(mapped), size);
  }
  ~MappedFile() {
    if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

Bytes part(Bytes file, uint64_t offset, uint64_t size) {
  if (offset > file.size() || size > file.size() - offset) return {};
  return file.subspan(offset, size);
}

std::optional<Elf64_Shdr> section(Bytes file, const Elf64_Ehdr& header, size_t index) {
  if (index >= header.e_shnum || header.e_shentsize != sizeof(Elf64_Shdr)) return std::nullopt;
  return read_at<Elf64_Shdr>(
      part(file, header.e_shoff + index * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr)));
}

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? text.get() : name;
}

std::optional<ElfSymbol> symbol_in(Bytes symbols, Bytes names, uint64_t address) {
  for (size_t i = 0; i + sizeof(Elf64_Sym) <= symbols.size(); i += sizeof(Elf64_Sym)) {
    const auto symbol = read_at<Elf64_Sym>(symbols, i);
    if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || address < symbol->st_value ||
        address - symbol->st_value >= symbol->st_size || symbol->st_name >= names.size())
      continue;
    const Bytes name = names.subspan(symbol->st_name);
    if (std::memchr(name.data(), 0, name.size()) == nullptr) continue;
    return ElfSymbol{demangled(reinterpret_cast<const char*>(name.data())),
                     address - symbol->st_value};
  }
  return std::nullopt;
}

std::optional<ElfSymbol> symbol_in_tables(Bytes file, const Elf64_Ehdr& header, uint32_t table,
                                          uint64_t address) {
  for (size_t i = 0; i < header.e_shnum; ++i) {
    const auto symbols = section(file, header, i);
    if (!symbols || symbols->sh_type != table) continue;
    const auto names = section(file, header, symbols->sh_link);
    if (!names) continue;
    if (auto found = symbol_in(part(file, symbols->sh_offset, symbols->sh_size),
                               part(file, names->sh_offset, names->sh_size), address))
      return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ElfSymbol> find_elf_symbol(const std::string& path, uint64_t address) {
  const MappedFile file(path);
  const auto header = read_at<Elf64_Ehdr>(file.bytes());
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64)
    return std::nullopt;
  if (auto found = symbol_in_tables(file.bytes(), *header, SHT_SYMTAB, address)) return found;
  return symbol_in_tables(file.bytes(), *header, SHT_DYNSYM, address);
}

}  // namespace wireseam
