// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/untraceable.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "common/fd.h"
#include "tracer/collect/elf_file.h"

namespace wireseam {
namespace {

constexpr char kNotSeen[] = "are not seen; 'wireseam trace --via strace' shows them";
constexpr int kMaxScriptDepth = 5;  // as the kernel has it (exec_binprm)
constexpr const char* kBlanks = " \t";

// "#!INTERPRETER [ARGUMENT]", of which the kernel looks at 256 bytes (execve(2)).
std::optional<std::string> interpreter_of(int fd) {
  std::array<char, 256> start{};
  const ssize_t size = pread(fd, start.data(), start.size(), 0);
  std::string_view line(start.data(), size > 0 ? static_cast<size_t>(size) : 0);
  if (!line.starts_with("#!")) return std::nullopt;
  line = line.substr(2, line.find('\n') - 2);
  const size_t begin = line.find_first_not_of(kBlanks);
  if (begin == line.npos) return std::nullopt;
  line.remove_prefix(begin);
  return std::string(line.substr(0, line.find_first_of(kBlanks)));
}

bool grants_user_or_group(const struct stat& file) {
  if ((file.st_mode & S_ISUID) != 0 && file.st_uid != getuid()) return true;
  // Without the group's execute bit S_ISGID has another meaning (mandatory locking, inode(7)).
  constexpr mode_t kSetGroup = S_ISGID | S_IXGRP;
  return (file.st_mode & kSetGroup) == kSetGroup && file.st_gid != getgid();
}

bool has_capabilities(const std::string& path) {
  return getuid() != 0 && getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
}

bool gains_privileges(const std::string& path, const struct stat& file) {
  if (!grants_user_or_group(file) && !has_capabilities(path)) return false;
  struct statvfs mount {};
  const bool ignored = statvfs(path.c_str(), &mount) == 0 && (mount.f_flag & ST_NOSUID) != 0;
  return !ignored && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

// A running program's file under the name that its user knows: /proc/PID/exe is a link.
std::string shown_name(const std::string& path) {
  std::error_code error;
  if (!path.starts_with("/proc/")) return path;
  const auto target = std::filesystem::read_symlink(path, error);
  return error ? path : target.string();
}

Untraceable obstacle(Obstacle kind, const std::string& path, const ProgramFile& elf) {
  return {kind, "'" + shown_name(path) + "' " + describe(kind, machine_name(elf))};
}

std::optional<Untraceable> find_obstacle_at(const std::string& path, int script_depth) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) {
    // A program of ours whose /proc/PID/exe is closed to us has gained privileges.
    if (errno == EACCES && path.starts_with("/proc/"))
      return obstacle(Obstacle::Privileged, path, {});
    return std::nullopt;
  }
  if (!S_ISREG(file.st_mode)) return std::nullopt;
  const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (const auto interpreter = interpreter_of(fd.get())) {
    // The kernel ignores a script's own privileges.
    if (script_depth == kMaxScriptDepth) return std::nullopt;
    return find_obstacle_at(*interpreter, script_depth + 1);
  }
  if (gains_privileges(path, file)) return obstacle(Obstacle::Privileged, path, {});
  const auto elf = read_elf(fd.get());
  if (!elf) return std::nullopt;
  if (!elf->native) return obstacle(Obstacle::Foreign, path, *elf);
  if (!elf->has_loader) return obstacle(Obstacle::Static, path, *elf);
  if (elf->is_go) return obstacle(Obstacle::Go, path, *elf);
  return std::nullopt;
}

}  // namespace

std::string describe(Obstacle kind, const std::string& machine) {
  switch (kind) {
    case Obstacle::Static:
      return std::string(
                 "is statically linked, so no loader puts the shim into it and its calls ") +
             kNotSeen;
    case Obstacle::Foreign:
      return "is built for another architecture" + (machine.empty() ? "" : " (" + machine + ")") +
             ", so the shim does not fit into it and its calls " + kNotSeen;
    case Obstacle::Privileged:
      return "gains privileges (setuid, setgid or file capabilities), so the loader keeps the shim "
             "out and its calls are not seen; run wireseam as the user that it becomes, or as root "
             "with --via strace";
    case Obstacle::Go:
      return std::string("is a Go program, which makes its system calls without libc, so they ") +
             kNotSeen;
  }
  return {};
}

std::optional<Untraceable> find_obstacle(const std::string& path) {
  return find_obstacle_at(path, 0);
}

std::optional<std::string> why_untraceable(const std::string& path) {
  auto found = find_obstacle(path);
  if (!found) return std::nullopt;
  return std::move(found->reason);
}

}  // namespace wireseam
