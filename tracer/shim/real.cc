// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/real.h"

#include <dlfcn.h>
#include <errno.h>

namespace wireseam {

constinit RealFunctions real{};

namespace {

// Stands for what this libc lacks: a program may ask dlsym(3) for it and find our hook.
long unavailable() {
  errno = ENOSYS;
  return -1;
}

template <typename Function>
void find(Function*& function, const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) found = reinterpret_cast<void*>(&unavailable);
  function = reinterpret_cast<Function*>(found);
}

}  // namespace

void find_real_functions() {
#define CALL(number, name, ...) find(real.name, #name);
#define SPECIAL(number, name, ...)
#define FORTIFIED(symbol, ...) find(real.symbol, #symbol);
#include "tracer/trace/calls.def"
  find(real.fcntl, "fcntl");
  find(real.ioctl, "ioctl");
  find(real.fclose, "fclose");
  find(real.closefrom, "closefrom");
  find(real.gethostbyname2_r, "gethostbyname2_r");
  find(real.freopen, "freopen");
  find(real.daemon, "daemon");
  find(real.system, "system");
  find(real.popen, "popen");
  find(real.unshare, "unshare");
  find(real.clone, "clone");
  find(real.fork, "fork");
  find(real._Fork, "_Fork");
  find(real.posix_spawn, "posix_spawn");
  find(real.posix_spawnp, "posix_spawnp");
  find(real.execve, "execve");
  find(real.execvpe, "execvpe");
  find(real.fexecve, "fexecve");
  find(real.execveat, "execveat");
  find(real._exit, "_exit");
  find(real.quick_exit, "quick_exit");
  find(real.syscall, "syscall");
  find(real.dlopen, "dlopen");
  find(real.dlmopen, "dlmopen");
  find(real.prctl, "prctl");
  find(real.mmap, "mmap");
  find(real.madvise, "madvise");
  find(real.munmap, "munmap");
  find(real.mprotect, "mprotect");
  find(real.mremap, "mremap");
  find(real.pkey_mprotect, "pkey_mprotect");
  find(real.process_madvise, "process_madvise");
  find(real.shmat, "shmat");
  dlerror();  // what was not found is no error of the program's
}

}  // namespace wireseam
