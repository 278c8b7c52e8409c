// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/preload.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/safe_copy.h"
#include "tracer/shim/state.h"

namespace wireseam {
namespace {

constexpr size_t kLongestPath = 4096;  // PATH_MAX

#if defined(__x86_64__)
constexpr uint16_t kOurMachine = EM_X86_64;
#else
constexpr uint16_t kOurMachine = EM_AARCH64;
#endif

long open_file(const char* path) {
  return raw_syscall(SYS_openat, AT_FDCWD, raw_pointer(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

bool is_readable(const char* path) {
  const long fd = open_file(path);
  if (fd >= 0) raw_syscall(SYS_close, fd);
  return fd != -ENOENT && fd != -EACCES;
}

bool is_regular_file(const char* path) {
  struct stat status;
  return raw_syscall(SYS_newfstatat, AT_FDCWD, raw_pointer(path), raw_pointer(&status), 0) == 0 &&
         S_ISREG(status.st_mode);
}

// An ELF file for another architecture, or for x32.
bool is_foreign(const char* path) {
  if (!is_regular_file(path)) return false;
  Elf64_Ehdr header{};
  const long fd = open_file(path);
  if (fd < 0) return false;
  const long size = raw_syscall(SYS_read, fd, raw_pointer(&header), sizeof header);
  raw_syscall(SYS_close, fd);
  if (size < static_cast<long>(sizeof(Elf32_Ehdr))) return false;
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return false;
  return header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != kOurMachine;
}

}  // namespace

bool can_preload(const char* shim_path, const char* program) {
  if (is_sandboxed()) return true;
  return is_readable(shim_path) && (program == nullptr || !is_foreign(program));
}

const char* path_or_null(const char* file) {
  char piece[256];
  for (size_t at = 0; at < kLongestPath; at += sizeof piece) {
    const long length = safe_copy_string(piece, file + at, sizeof piece);
    if (length > 0 && memchr(piece, '/', static_cast<size_t>(length)) != nullptr) return file;
    if (length < static_cast<long>(sizeof piece)) return nullptr;
  }
  return nullptr;
}

}  // namespace wireseam
