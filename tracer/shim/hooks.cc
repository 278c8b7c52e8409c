// SPDX-License-Identifier: Apache-2.0
// calls.def, expanded into the functions that stand before libc's. A row whose parameters disagree
// with libc's header does not compile.
#include <sys/sendfile.h>

#include "tracer/shim/real.h"
#include "tracer/shim/rows.h"

using namespace wireseam;
using namespace wireseam::rows;

#define STRIP(...) __VA_ARGS__

#define CALL(number, name, syscall, tail, traced, result, type, parameters, names, kinds) \
  [[maybe_unused]] constexpr type(*libc_##name) parameters = &::name;                     \
  extern "C" type hook_##name parameters __asm__(#name);                                  \
  WIRESEAM_EXPORT type hook_##name parameters {                                           \
    return Hook_##name::call(0, WIRESEAM_CALLER, real.name, STRIP names);                 \
  }
// A fortified function checks the buffer's size and aborts where it is too small, so it is called
// as it is, with all its arguments.
#define FORTIFIED(symbol, name, type, parameters, names, arguments)                      \
  extern "C" type hook_##symbol parameters __asm__(#symbol);                             \
  WIRESEAM_EXPORT type hook_##symbol parameters {                                        \
    const auto checked = [=](auto...) { return real.symbol names; };                     \
    return Hook_##name::call(kFlagFortified, WIRESEAM_CALLER, checked, STRIP arguments); \
  }
#define ALIAS(symbol, name) __asm__(".globl " #symbol "\n.set " #symbol ", " #name);
#include "tracer/trace/calls.def"
