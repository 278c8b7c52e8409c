// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/new_program.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/safe_copy.h"
#include "tracer/shim/state.h"
#include "tracer/trace/program_file.h"

namespace wireseam {
namespace {

constexpr int kMaxScriptDepth = 5;    // as the kernel has it (exec_binprm)
constexpr size_t kMaxName = 512;      // of a folder in PATH and a name: there may be little stack
constexpr size_t kScriptStart = 256;  // what the kernel looks at (execve(2))
constexpr long kNoSuid = 2;           // ST_NOSUID of statfs(2)

// A descriptor of a regular file, or an error. Only what is regular is opened: to open something
// else may have effects.
class ProgramDescriptor {
 public:
  ProgramDescriptor(int folder, const char* path, int flags) {
    const long looked = raw_syscall(SYS_newfstatat, folder, raw_pointer(path),
                                    raw_pointer(&status_), flags & AT_EMPTY_PATH);
    if (looked != 0 || !S_ISREG(status_.st_mode)) return;
    const bool is_open = (flags & AT_EMPTY_PATH) != 0;
    fd_ = is_open ? raw_syscall(SYS_fcntl, folder, F_DUPFD_CLOEXEC, 0)
                  : raw_syscall(SYS_openat, folder, raw_pointer(path),
                                O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  }
  ~ProgramDescriptor() {
    if (fd_ >= 0) raw_syscall(SYS_close, fd_);
  }
  ProgramDescriptor(const ProgramDescriptor&) = delete;
  ProgramDescriptor& operator=(const ProgramDescriptor&) = delete;

  explicit operator bool() const { return status_.st_mode != 0 && S_ISREG(status_.st_mode); }
  const struct stat& status() const { return status_; }

  long read(void* target, size_t size, uint64_t offset) const {
    return raw_syscall(SYS_pread64, fd_, raw_pointer(target), static_cast<long>(size),
                       static_cast<long>(offset));
  }

  // nosuid mounts, and who may gain nothing any more, are told apart from the file itself.
  bool gains_privileges() const {
    const auto user = static_cast<uid_t>(raw_syscall(SYS_getuid));
    const auto group = static_cast<gid_t>(raw_syscall(SYS_getgid));
    constexpr mode_t kSetGroup = S_ISGID | S_IXGRP;
    const bool changes_user = (status_.st_mode & S_ISUID) != 0 && status_.st_uid != user;
    const bool changes_group =
        (status_.st_mode & kSetGroup) == kSetGroup && status_.st_gid != group;
    const bool has_capabilities =
        user != 0 && raw_syscall(SYS_fgetxattr, fd_, raw_pointer("security.capability"), 0, 0) > 0;
    if (!changes_user && !changes_group && !has_capabilities) return false;
    struct statfs mount {};
    if (raw_syscall(SYS_fstatfs, fd_, raw_pointer(&mount)) == 0 && (mount.f_flags & kNoSuid) != 0)
      return false;
    return raw_syscall(SYS_prctl, PR_GET_NO_NEW_PRIVS) != 1;
  }

 private:
  struct stat status_ {};
  long fd_ = -1;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// "#!INTERPRETER [ARGUMENT]", of which the interpreter is left in `line`, with a NUL.
bool cut_interpreter(char* line, long size) {
  if (size < 3 || line[0] != '#' || line[1] != '!') return false;
  line[size] = '\0';
  size_t begin = 2;
  while (is_blank(line[begin])) ++begin;
  size_t end = begin;
  while (line[end] != '\0' && line[end] != '\n' && !is_blank(line[end])) ++end;
  memmove(line, line + begin, end - begin);
  line[end - begin] = '\0';
  return end != begin;
}

uint16_t flags_of(int folder, const char* path, int how, int script_depth) {
  char start[kScriptStart + 1];
  {
    const ProgramDescriptor program(folder, path, how);
    if (!program) return 0;
    // The kernel ignores a script's own privileges.
    if (!cut_interpreter(start, program.read(start, kScriptStart, 0))) {
      if (program.gains_privileges()) return kFlagNewPrivileged;
      ProgramFile file;
      const auto read = [&](void* target, size_t size, uint64_t offset) {
        return program.read(target, size, offset) == static_cast<long>(size);
      };
      if (!read_program_file(read, file)) return 0;
      if (!file.native) return kFlagNewForeign;
      if (!file.has_loader) return kFlagNewStatic;
      return file.is_go ? kFlagNewGo : 0;
    }
  }
  return script_depth == kMaxScriptDepth ? 0 : flags_of(AT_FDCWD, start, 0, script_depth + 1);
}

bool is_executable(const char* path) {
  struct stat status;
  return raw_syscall(SYS_newfstatat, AT_FDCWD, raw_pointer(path), raw_pointer(&status), 0) == 0 &&
         S_ISREG(status.st_mode) &&
         raw_syscall(SYS_faccessat, AT_FDCWD, raw_pointer(path), X_OK) == 0;
}

// As execvp(3) looks for it; a folder that is too long for us ends the search.
uint16_t flags_by_search(const char* file) {
  char path[kMaxName];
  const long length = safe_copy_string(path, file, sizeof path);
  if (length <= 0 || length == sizeof path) return 0;
  if (strchr(path, '/') != nullptr) return flags_of(AT_FDCWD, file, 0, 0);
  const char* folders = nullptr;
  for (char** item = environ; item != nullptr && *item != nullptr; ++item)
    if (strncmp(*item, "PATH=", 5) == 0) folders = *item + 5;
  if (folders == nullptr) folders = "/bin:/usr/bin";
  for (;;) {
    const size_t size = strcspn(folders, ":");
    if (size + 1 + static_cast<size_t>(length) + 1 > sizeof path) return 0;
    memcpy(path, folders, size);
    if (size != 0) path[size] = '/';
    if (safe_copy_string(path + size + (size != 0 ? 1 : 0), file, sizeof path - size - 1) != length)
      return 0;
    if (is_executable(path)) return flags_of(AT_FDCWD, path, 0, 0);
    if (folders[size] == '\0') return 0;
    folders += size + 1;
  }
}

enum class Where : uint8_t { Path, Search, Descriptor, Folder };

struct Names {
  CallNumber call;
  Where where;
  size_t index;  // of the parameter that names the program
};

constexpr Names kNames[] = {
    {CallNumber::execve, Where::Path, 0},         {CallNumber::execv, Where::Path, 0},
    {CallNumber::execl, Where::Path, 0},          {CallNumber::execle, Where::Path, 0},
    {CallNumber::posix_spawn, Where::Path, 1},    {CallNumber::execvp, Where::Search, 0},
    {CallNumber::execvpe, Where::Search, 0},      {CallNumber::execlp, Where::Search, 0},
    {CallNumber::posix_spawnp, Where::Search, 1}, {CallNumber::fexecve, Where::Descriptor, 0},
    {CallNumber::execveat, Where::Folder, 1},
};

uint16_t flags_of(const Names& named, const Words& words) {
  const auto* text = reinterpret_cast<const char*>(words[named.index]);
  switch (named.where) {
    case Where::Path:
      return flags_of(AT_FDCWD, text, 0, 0);
    case Where::Search:
      return flags_by_search(text);
    case Where::Descriptor:
      return flags_of(static_cast<int>(words[0]), "", AT_EMPTY_PATH, 0);
    case Where::Folder:
      return flags_of(static_cast<int>(words[0]), text, static_cast<int>(words[4]), 0);
  }
  return 0;
}

}  // namespace

uint16_t new_program_flags(CallNumber number, const Words& words) {
  if (is_sandboxed()) return 0;
  for (const Names& named : kNames)
    if (named.call == number) return flags_of(named, words);
  return 0;
}

}  // namespace wireseam
