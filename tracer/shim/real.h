// SPDX-License-Identifier: Apache-2.0
// The functions behind the hooks: whatever follows the shim in the order of libraries.
#pragma once

#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace wireseam {

struct RealFunctions {
#define CALL(number, name, syscall, tail, traced, result, type, parameters, ...) \
  type(*name) parameters;
#define FORTIFIED(symbol, call, type, parameters, ...) type(*symbol) parameters;
#include "tracer/trace/calls.def"
  int (*fcntl)(int, int, ...);
  int (*ioctl)(int, unsigned long, ...);
  int (*fclose)(FILE*);
  void (*closefrom)(int);
  int (*gethostbyname2_r)(const char*, int, hostent*, char*, size_t, hostent**, int*);
  FILE* (*freopen)(const char*, const char*, FILE*);
  int (*daemon)(int, int);
  int (*system)(const char*);
  FILE* (*popen)(const char*, const char*);
  int (*unshare)(int);
  int (*clone)(int (*)(void*), void*, int, void*, ...);
  pid_t (*fork)();
  pid_t (*_Fork)();
  int (*posix_spawn)(pid_t*, const char*, const posix_spawn_file_actions_t*,
                     const posix_spawnattr_t*, char* const*, char* const*);
  int (*posix_spawnp)(pid_t*, const char*, const posix_spawn_file_actions_t*,
                      const posix_spawnattr_t*, char* const*, char* const*);
  int (*execve)(const char*, char* const*, char* const*);
  int (*execvpe)(const char*, char* const*, char* const*);
  int (*fexecve)(int, char* const*, char* const*);
  int (*execveat)(int, const char*, char* const*, char* const*, int);
  void (*_exit)(int);
  void (*quick_exit)(int);
  long (*syscall)(long, ...);
  void* (*dlopen)(const char*, int);
  void* (*dlmopen)(long, const char*, int);
  int (*prctl)(int, ...);
  void* (*mmap)(void*, size_t, int, int, int, off_t);
  int (*madvise)(void*, size_t, int);
  int (*munmap)(void*, size_t);
  int (*mprotect)(void*, size_t, int);
  void* (*mremap)(void*, size_t, size_t, int, ...);
  int (*pkey_mprotect)(void*, size_t, int, int);
  ssize_t (*process_madvise)(int, const iovec*, size_t, int, unsigned);
  void* (*shmat)(int, const void*, int);
};

extern constinit RealFunctions real;

// Finds them all, before main: a later dlsym(3) could meet a lock or eat the program's dlerror(3).
void find_real_functions();

}  // namespace wireseam
