// SPDX-License-Identifier: Apache-2.0
// clone(2) and unshare(2): children that share more with their parent than fork's do, or less than
// vfork's, and threads that part with the descriptors of the others.
#include "tracer/shim/clone_hooks.h"

#include <sched.h>
#include <stdarg.h>

#include "tracer/shim/own_memory.h"
#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/real.h"
#include "tracer/shim/rows.h"
#include "tracer/shim/safe_copy.h"

using namespace wireseam;
using namespace wireseam::rows;

namespace {

bool has(uint64_t flags, uint64_t all) { return (flags & all) == all; }

// What clone(2) takes; `rest` are parent_tid, tls and child_tid.
struct Clone {
  int (*function)(void*);
  void* stack;
  int flags;
  void* argument;
  void* rest[3];

  int call(int (*with)(void*), void* context) const {
    return real.clone(with, stack, flags, context, rest[0], rest[1], rest[2]);
  }
  int call() const { return call(function, argument); }
};

int run_copy(void* context) {
  const Clone clone = *static_cast<const Clone*>(context);
  begin_cloned_child();
  return clone.function(clone.argument);
}

int run_as_vfork(void* context) {
  const Clone clone = *static_cast<const Clone*>(context);
  enter_vfork_child();
  return clone.function(clone.argument);
}

// The parent waits, so the child may have this thread's state meanwhile.
int clone_as_vfork(const Clone& clone, const void* caller) {
  const uint64_t start = read_clock(shim.clock);
  const int result = clone.call(run_as_vfork, const_cast<Clone*>(&clone));
  if (result > 0) leave_vfork_child();
  OpenCall open(CallNumber::clone, 0, caller, {to_word(clone.flags)});
  if (!open) return result;
  open.set_start(start);
  if (open.returned(result, result == -1 ? errno : 0)) open.commit();
  return result;
}

int clone_beside(const Clone& clone) {
  begin_sharing_state();
  const int result = clone.call();
  const int error = errno;
  sharing_state_with(result);
  errno = error;
  return result;
}

}  // namespace

namespace wireseam {

void note_clone(uint64_t flags) {
  const bool shares_memory = (flags & CLONE_VM) != 0;
  const bool shares_files = (flags & CLONE_FILES) != 0;
  if (shares_memory) note_shared_memory();
  if (shares_memory != shares_files && !has(flags, CLONE_VM | CLONE_VFORK)) part_files_tables();
}

bool parts_threads(uint64_t unshare_flags) {
  return (unshare_flags & CLONE_FILES) != 0 && may_have_threads();
}

void note_direct_clone(long number, const long* arguments) {
  if (number == SYS_clone) note_clone(static_cast<uint64_t>(arguments[0]));
  uint64_t flags = 0;  // the first of struct clone_args
  if (number == SYS_clone3 &&
      safe_copy(&flags, reinterpret_cast<const void*>(arguments[0]), sizeof flags))
    note_clone(flags);
}

}  // namespace wireseam

extern "C" int hook_clone(int (*function)(void*), void* stack, int flags, void* argument,
                          ...) __asm__("clone");
WIRESEAM_EXPORT int hook_clone(int (*function)(void*), void* stack, int flags, void* argument,
                               ...) {
  Clone clone{function, stack, flags, argument, {}};
  va_list list;
  va_start(list, argument);
  for (void*& each : clone.rest) each = va_arg(list, void*);
  va_end(list);
  const auto asked = static_cast<unsigned>(flags);
  note_clone(asked);
  if (function == nullptr || stack == nullptr || has(asked, CLONE_THREAD)) return clone.call();
  if (has(asked, CLONE_SETTLS)) return clone.call();  // its own state is nothing that we know
  if (has(asked, CLONE_VM | CLONE_VFORK)) return clone_as_vfork(clone, WIRESEAM_CALLER);
  return Hook_clone::call(
      0, WIRESEAM_CALLER,
      [&clone](int) {
        if (has(static_cast<unsigned>(clone.flags), CLONE_VM)) return clone_beside(clone);
        return clone.call(run_copy, &clone);
      },
      flags);
}
__asm__(".globl __clone\n.set __clone, clone");

extern "C" int hook_unshare(int flags) __asm__("unshare");
WIRESEAM_EXPORT int hook_unshare(int flags) {
  if (!parts_threads(static_cast<unsigned>(flags))) return real.unshare(flags);
  part_files_tables();
  return Hook_unshare::call(0, WIRESEAM_CALLER, real.unshare, flags);
}
