// SPDX-License-Identifier: Apache-2.0
// lifetime LIBRARY: makes calls at each moment at which a program has a say: constructors and
// destructors of its own, of a library that was loaded with it (LD_PRELOAD) and of one that it
// loads, handlers of atexit and on_exit, and all of it once more after an exec.
#include <dlfcn.h>

#include "tests/programs/src/lifetime.h"

__attribute__((constructor(101))) static void early(void) { move_bytes("early constructor"); }
__attribute__((constructor)) static void late(void) { move_bytes("constructor"); }
__attribute__((destructor)) static void end(void) { move_bytes("destructor"); }
__attribute__((destructor(101))) static void last(void) { move_bytes("last destructor"); }

static void preinit(void) { move_bytes("preinit"); }
__attribute__((section(".preinit_array"), used)) static void (*const before_all)(void) = preinit;

static void at_exit(void) { move_bytes("atexit"); }

static void on_exit_handler(int status, void* unused) {
  (void)unused;
  show("status", status);
  move_bytes("on_exit");
}

int main(int argc, char** argv) {
  require(argc >= 2, "usage");
  atexit(at_exit);
  on_exit(on_exit_handler, NULL);
  move_bytes("main");
  void* library = dlopen(argv[1], RTLD_NOW);
  require(library != NULL, "dlopen");
  dlclose(library);
  if (argc == 2) execl("/proc/self/exe", "lifetime", argv[1], "again", NULL);
  return 4;
}
