// SPDX-License-Identifier: Apache-2.0
// The exec family and posix_spawn: noted before the call, since a successful one does not return,
// and given the environment in which the new program is traced too.
#include <alloca.h>
#include <errno.h>
#include <stdarg.h>

#include "tracer/shim/capture.h"
#include "tracer/shim/environment.h"
#include "tracer/shim/hook.h"
#include "tracer/shim/new_program.h"
#include "tracer/shim/preload.h"
#include "tracer/shim/real.h"

using namespace wireseam;

namespace {

// The three pointers of an exec, wherever they stand among its parameters.
struct Exec {
  size_t path;  // index of the parameter, as are the next two
  size_t arguments;
  size_t environment;
};

// Those that take no environment give the kernel the program's own.
constexpr Exec kPathFirst{0, 1, 2};

// `program` as for can_preload; `function` takes the environment.
template <typename Function>
int recorded_exec(CallNumber number, const void* caller, const Words& words, Exec where,
                  const char* program, char* const* envp, Function function) {
  OpenCall open(number, 0, caller, words);
  if (open) {
    if (is_sandboxed()) open.add_flag(kFlagFiltered);
    if (where.path < kMaxArguments) capture_string(open, words, where.path);
    capture_strings(open, words, where.arguments);
    capture_environment(open, words, where.environment);
    open.add_flag(new_program_flags(number, words));
  }
  const TracedEnvironment environment(program, envp);
  const int result = environment.use(function, [](int) { return errno == E2BIG; });
  if (open && open.returned(result, errno)) open.commit();
  return result;
}

// The arguments of execl(3) as an array, from `first` to the null pointer; `list` stands behind
// them. On the stack, as in libc's own.
#define ARGUMENTS_OF(array, first, list)                                            \
  va_list list;                                                                     \
  va_start(list, first);                                                            \
  size_t array##_count = 1;                                                         \
  for (const char* item = first; item != nullptr; item = va_arg(list, const char*)) \
    ++array##_count;                                                                \
  va_end(list);                                                                     \
  auto** array = static_cast<char**>(alloca((array##_count + 1) * sizeof(char*)));  \
  va_start(list, first);                                                            \
  array[0] = const_cast<char*>(first);                                              \
  for (size_t i = 1; array[0] != nullptr && i < array##_count; ++i) array[i] = va_arg(list, char*);

}  // namespace

#define HOOK(type, name, parameters)                     \
  extern "C" type hook_##name parameters __asm__(#name); \
  WIRESEAM_EXPORT type hook_##name parameters

HOOK(int, execve, (const char* pathname, char* const* argv, char* const* envp)) {
  const Words words{to_word(pathname), to_word(argv), to_word(envp)};
  return recorded_exec(
      CallNumber::execve, WIRESEAM_CALLER, words, kPathFirst, pathname, envp,
      [=](char* const* environment) { return real.execve(pathname, argv, environment); });
}

HOOK(int, execv, (const char* pathname, char* const* argv)) {
  const Words words{to_word(pathname), to_word(argv), to_word(environ)};
  return recorded_exec(
      CallNumber::execv, WIRESEAM_CALLER, words, kPathFirst, pathname, environ,
      [=](char* const* environment) { return real.execve(pathname, argv, environment); });
}

HOOK(int, execvp, (const char* file, char* const* argv)) {
  const Words words{to_word(file), to_word(argv), to_word(environ)};
  return recorded_exec(
      CallNumber::execvp, WIRESEAM_CALLER, words, kPathFirst, path_or_null(file), environ,
      [=](char* const* environment) { return real.execvpe(file, argv, environment); });
}

HOOK(int, execvpe, (const char* file, char* const* argv, char* const* envp)) {
  const Words words{to_word(file), to_word(argv), to_word(envp)};
  return recorded_exec(
      CallNumber::execvpe, WIRESEAM_CALLER, words, kPathFirst, path_or_null(file), envp,
      [=](char* const* environment) { return real.execvpe(file, argv, environment); });
}

HOOK(int, execl, (const char* pathname, const char* arg, ...)) {
  ARGUMENTS_OF(argv, arg, list)
  va_end(list);
  const Words words{to_word(pathname), to_word(argv), to_word(environ)};
  return recorded_exec(
      CallNumber::execl, WIRESEAM_CALLER, words, kPathFirst, pathname, environ,
      [=](char* const* environment) { return real.execve(pathname, argv, environment); });
}

HOOK(int, execlp, (const char* file, const char* arg, ...)) {
  ARGUMENTS_OF(argv, arg, list)
  va_end(list);
  const Words words{to_word(file), to_word(argv), to_word(environ)};
  return recorded_exec(
      CallNumber::execlp, WIRESEAM_CALLER, words, kPathFirst, path_or_null(file), environ,
      [=](char* const* environment) { return real.execvpe(file, argv, environment); });
}

HOOK(int, execle, (const char* pathname, const char* arg, ...)) {
  ARGUMENTS_OF(argv, arg, list)
  auto** envp = va_arg(list, char**);
  va_end(list);
  const Words words{to_word(pathname), to_word(argv), to_word(envp)};
  return recorded_exec(
      CallNumber::execle, WIRESEAM_CALLER, words, kPathFirst, pathname, envp,
      [=](char* const* environment) { return real.execve(pathname, argv, environment); });
}

// Unlike its siblings it refuses a null environment.
HOOK(int, fexecve, (int fd, char* const* argv, char* const* envp)) {
  const Words words{to_word(fd), to_word(argv), to_word(envp)};
  return recorded_exec(CallNumber::fexecve, WIRESEAM_CALLER, words, {kMaxArguments, 1, 2}, nullptr,
                       envp, [=](char* const* environment) {
                         return real.fexecve(fd, argv, envp == nullptr ? nullptr : environment);
                       });
}

HOOK(int, execveat,
     (int dirfd, const char* pathname, char* const* argv, char* const* envp, int flags)) {
  const Words words{to_word(dirfd), to_word(pathname), to_word(argv), to_word(envp),
                    to_word(flags)};
  return recorded_exec(CallNumber::execveat, WIRESEAM_CALLER, words, {1, 2, 3}, nullptr, envp,
                       [=](char* const* environment) {
                         return real.execveat(dirfd, pathname, argv, environment, flags);
                       });
}

namespace {

using Spawn = decltype(real.posix_spawn);

int recorded_spawn(CallNumber number, const void* caller, Spawn spawn, pid_t* pid, const char* path,
                   const posix_spawn_file_actions_t* actions, const posix_spawnattr_t* attributes,
                   char* const* argv, char* const* envp) {
  const TracedEnvironment environment(path_or_null(path), envp);
  const Words words{to_word(pid), to_word(path), to_word(argv)};
  OpenCall open(number, 0, caller, words);
  if (open) {
    capture_string(open, words, 1);
    capture_strings(open, words, 2);
    open.add_flag(new_program_flags(number, words));
  }
  const auto spawned = [=](char* const* with) {
    return spawn(pid, path, actions, attributes, argv, with);
  };
  const int result = environment.use(spawned, [](int error) { return error == E2BIG; });
  if (!open || !open.returned(result, result)) return result;
  if (result == 0 && pid != nullptr)
    write_blob(open, {0, BlobPart::Value, 0, sizeof *pid, sizeof *pid}, pid, Trust::Kernel);
  open.commit();
  return result;
}

}  // namespace

HOOK(int, posix_spawn,
     (pid_t * pid, const char* path, const posix_spawn_file_actions_t* actions,
      const posix_spawnattr_t* attributes, char* const* argv, char* const* envp)) {
  return recorded_spawn(CallNumber::posix_spawn, WIRESEAM_CALLER, real.posix_spawn, pid, path,
                        actions, attributes, argv, envp);
}

HOOK(int, posix_spawnp,
     (pid_t * pid, const char* file, const posix_spawn_file_actions_t* actions,
      const posix_spawnattr_t* attributes, char* const* argv, char* const* envp)) {
  return recorded_spawn(CallNumber::posix_spawnp, WIRESEAM_CALLER, real.posix_spawnp, pid, file,
                        actions, attributes, argv, envp);
}
