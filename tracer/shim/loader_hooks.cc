// SPDX-License-Identifier: Apache-2.0
// dlopen(3) and dlmopen(3), where what they load makes its calls past us: bound to libc first, or
// in a name space with a libc of its own. The loader looks at who has called it (for its RUNPATH,
// its $ORIGIN and its name space), so the real function is jumped to, and what it returns isn't
// known.
#include <dlfcn.h>

#include "tracer/shim/capture.h"
#include "tracer/shim/hook.h"
#include "tracer/shim/real.h"

using namespace wireseam;

namespace {

[[gnu::noinline]] void record_loading(CallNumber number, const void* caller, const Words& words,
                                      size_t name) {
  const int saved_errno = errno;
  OpenCall open(number, 0, caller, words);
  if (open) capture_string(open, words, name);
  if (open && open.returned(0, 0)) open.commit();
  errno = saved_errno;
}

}  // namespace

extern "C" void* hook_dlopen(const char* filename, int flags) __asm__("dlopen");
WIRESEAM_EXPORT void* hook_dlopen(const char* filename, int flags) {
  if ((flags & RTLD_DEEPBIND) != 0)
    record_loading(CallNumber::dlopen, WIRESEAM_CALLER, {to_word(filename), to_word(flags)}, 0);
  return real.dlopen(filename, flags);
}

extern "C" void* hook_dlmopen(Lmid_t lmid, const char* filename, int flags) __asm__("dlmopen");
WIRESEAM_EXPORT void* hook_dlmopen(Lmid_t lmid, const char* filename, int flags) {
  if (lmid != LM_ID_BASE)
    record_loading(CallNumber::dlmopen, WIRESEAM_CALLER,
                   {to_word(lmid), to_word(filename), to_word(flags)}, 1);
  return real.dlmopen(lmid, filename, flags);
}
