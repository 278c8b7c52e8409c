// SPDX-License-Identifier: Apache-2.0
// fork, vfork and the ways out of a process.
#include <errno.h>
#include <stdlib.h>

#include "tracer/shim/clone_hooks.h"
#include "tracer/shim/hook.h"
#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/real.h"

using namespace wireseam;

namespace {

// When this process was last divided, on the region's clock.
thread_local constinit uint64_t forked_at __attribute__((tls_model("initial-exec"))) = 0;

void begin_child() {
  if (is_sandboxed()) return;  // its first call is counted as lost
  forget_entered_calls();
  thread_state.owner = 0;
  files_are_parted.store(false, std::memory_order_relaxed);
  begin_process(ProcessCause::Fork);
}

}  // namespace

namespace wireseam {

void begin_cloned_child() {
  const bool parted = files_are_parted.load(std::memory_order_relaxed);
  begin_child();
  files_are_parted.store(parted, std::memory_order_relaxed);
}

}  // namespace wireseam

namespace {

// The child has a copy of the parent's open record in its stack, but the record is the parent's.
// Handlers of pthread_atfork(3) may make calls on either side, while fork(2) has long taken effect.
pid_t recorded_fork(const void* caller, pid_t (*function)()) {
  OpenCall open(CallNumber::fork, 0, caller, {});
  const uint32_t parent = fork_page.process.load(std::memory_order_relaxed);
  forked_at = 0;
  const pid_t pid = function();
  if (pid == 0) {
    if (fork_page.process.load(std::memory_order_relaxed) == parent)
      fork_page.process.store(0, std::memory_order_relaxed);  // the kernel did not clear it
    if (fork_page.process.load(std::memory_order_relaxed) == 0) begin_child();
    forget_entered_calls();
    return 0;
  }
  if (!open || !open.returned(pid, pid == -1 ? errno : 0)) return pid;
  if (forked_at != 0) open.set_end(forked_at);
  open.commit();
  return pid;
}

// The status is exit(3)'s argument or main's result; on_exit(3) is glibc's.
void note_exit(int status, const void* caller) {
  OpenCall open(CallNumber::exit, 0, caller, {to_word(status)});
}

}  // namespace

#define HOOK(type, name, parameters)                     \
  extern "C" type hook_##name parameters __asm__(#name); \
  WIRESEAM_EXPORT type hook_##name parameters

HOOK(pid_t, fork, ()) { return recorded_fork(WIRESEAM_CALLER, real.fork); }
__asm__(".globl __fork\n.set __fork, fork");

HOOK(pid_t, _Fork, ()) { return recorded_fork(WIRESEAM_CALLER, real._Fork); }

HOOK(void, _exit, (int status)) {
  note_exit(status, WIRESEAM_CALLER);
  real._exit(status);
}
__asm__(".globl _Exit\n.set _Exit, _exit");

HOOK(void, quick_exit, (int status)) {
  note_exit(status, WIRESEAM_CALLER);
  real.quick_exit(status);
}

extern "C" int on_exit(void (*function)(int, void*), void* argument) __attribute__((weak));
// glibc's; pthread_atfork(3) of musl allocates.
extern "C" int __register_atfork(void (*prepare)(), void (*parent)(), void (*child)(), void* object)
    __attribute__((weak));
extern "C" void* __dso_handle;

namespace wireseam {

// Registered before any handler of the program, so it runs after them.
void note_exit_at_end() {
  if (on_exit != nullptr) on_exit([](int status, void*) { note_exit(status, nullptr); }, nullptr);
}

// Registered before any handler of the program, so ours come first on both sides. They also come
// where libc forks by itself (daemon(3), forkpty(3)).
void note_forks() {
  if (__register_atfork == nullptr) return;
  const auto in_parent = [] { forked_at = read_clock(shim.clock); };
  __register_atfork(nullptr, in_parent, begin_child, &__dso_handle);
}

}  // namespace wireseam

#if defined(__x86_64__)

// vfork's child returns into its parent's frame and must leave it as it is, so this cannot be a C
// function: the return address lives in a register, which the kernel keeps for both, while the
// child runs.
extern "C" {
[[gnu::used]] uint64_t wireseam_before_vfork() { return read_clock(shim.clock); }

[[gnu::used]] void wireseam_in_vfork_child() { enter_vfork_child(); }

[[gnu::used]] long wireseam_after_vfork(long result, const void* caller, uint64_t start) {
  if (result > 0) leave_vfork_child();
  const bool failed = result < 0;
  OpenCall open(CallNumber::vfork, 0, caller, {});
  if (open) {
    open.set_start(start);
    if (open.returned(failed ? -1 : result, failed ? static_cast<int>(-result) : 0)) open.commit();
  }
  if (failed) errno = static_cast<int>(-result);
  return failed ? -1 : result;
}
}

__asm__(R"(
    .pushsection .text
    .globl vfork
    .globl __vfork
    .type vfork, @function
vfork:
__vfork:
    .cfi_startproc
    subq $8, %rsp
    .cfi_adjust_cfa_offset 8
    call wireseam_before_vfork
    addq $8, %rsp
    .cfi_adjust_cfa_offset -8
    movq %rax, %rdx
    popq %rdi
    .cfi_adjust_cfa_offset -8
    .cfi_register %rip, %rdi
    movl $58, %eax
    syscall
    pushq %rdi
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rip, 0
    subq $8, %rsp
    .cfi_adjust_cfa_offset 8
    testq %rax, %rax
    jz 1f
    movq %rdi, %rsi
    movq %rax, %rdi
    call wireseam_after_vfork
    addq $8, %rsp
    .cfi_adjust_cfa_offset -8
    ret
    .cfi_adjust_cfa_offset 8
1:  call wireseam_in_vfork_child
    xorl %eax, %eax
    addq $8, %rsp
    .cfi_adjust_cfa_offset -8
    ret
    .cfi_endproc
    .size vfork, . - vfork
    .popsection
)");

#endif
