// SPDX-License-Identifier: Apache-2.0
// The calls by which a program changes what its memory is. Nothing is recorded of them: they tell
// what may still be read without asking the kernel (own_memory.h). libc's and the loader's own
// calls do not come through here; those leave the program's segments readable.
//
// An allocator may call these before anything is initialised.
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/uio.h>

#include "tracer/shim/hook.h"
#include "tracer/shim/memory_hooks.h"
#include "tracer/shim/own_memory.h"
#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/real.h"

using namespace wireseam;

namespace {

void* address_of(long value) { return reinterpret_cast<void*>(value); }

// As libc would have it.
long checked(long result) {
  if (result >= 0 || result < -4095) return result;
  errno = static_cast<int>(-result);
  return -1;
}

void note_mmap(void* address, size_t size, int flags) {
  const bool is_private = (flags & MAP_TYPE) == MAP_PRIVATE && (flags & MAP_ANONYMOUS) != 0;
  if (!is_private) note_shared_memory();
  if ((flags & MAP_FIXED) != 0) note_remapping(address, size);
}

void note_madvise(void* address, size_t size, int advice) {
  constexpr int kGuardInstall = 102;  // MADV_GUARD_INSTALL, Linux 6.13
  if (advice == kGuardInstall) note_remapping(address, size);
}

// Of which process, and of what in it, only the kernel reads.
void note_process_madvise(int advice) { note_madvise(nullptr, SIZE_MAX, advice); }

// libc's own way keeps __curbrk.
void note_brk(long end) {
  if (&__curbrk != nullptr && reinterpret_cast<long>(__curbrk) > end)
    note_remapping(address_of(end),
                   reinterpret_cast<uintptr_t>(__curbrk) - static_cast<size_t>(end));
}

void note_mprotect(void* address, size_t size, int protection) {
  if ((protection & PROT_READ) == 0) note_remapping(address, size);
}

}  // namespace

namespace wireseam {

void note_memory_call(long number, const long* a) {
  switch (number) {
    case SYS_mmap:
      return note_mmap(address_of(a[0]), static_cast<size_t>(a[1]), static_cast<int>(a[3]));
    case SYS_mprotect:
    case SYS_pkey_mprotect:
      return note_mprotect(address_of(a[0]), static_cast<size_t>(a[1]), static_cast<int>(a[2]));
    case SYS_madvise:
      return note_madvise(address_of(a[0]), static_cast<size_t>(a[1]), static_cast<int>(a[2]));
    case SYS_process_madvise:
      return note_process_madvise(static_cast<int>(a[3]));
    case SYS_brk:
      if (a[0] != 0) note_brk(a[0]);
      return;
    case SYS_munmap:
    case SYS_mremap:
      return note_remapping(address_of(a[0]), static_cast<size_t>(a[1]));
    case SYS_clone:
      if ((a[0] & CLONE_VM) != 0) note_shared_memory();
      return;
    case SYS_clone3:
    case SYS_shmat:
      return note_shared_memory();
    default:
      return;
  }
}

}  // namespace wireseam

#define HOOK(type, name, parameters)                     \
  extern "C" type hook_##name parameters __asm__(#name); \
  WIRESEAM_EXPORT type hook_##name parameters

HOOK(void*, mmap, (void* address, size_t size, int protection, int flags, int fd, off_t offset)) {
  note_mmap(address, size, flags);
  if (real.mmap != nullptr) return real.mmap(address, size, protection, flags, fd, offset);
  return address_of(checked(raw_syscall(SYS_mmap, raw_pointer(address), static_cast<long>(size),
                                        protection, flags, fd, offset)));
}
__asm__(".globl mmap64\n.set mmap64, mmap");

HOOK(int, munmap, (void* address, size_t size)) {
  note_remapping(address, size);
  if (real.munmap != nullptr) return real.munmap(address, size);
  return static_cast<int>(
      checked(raw_syscall(SYS_munmap, raw_pointer(address), static_cast<long>(size))));
}

HOOK(int, mprotect, (void* address, size_t size, int protection)) {
  note_mprotect(address, size, protection);
  if (real.mprotect != nullptr) return real.mprotect(address, size, protection);
  return static_cast<int>(checked(
      raw_syscall(SYS_mprotect, raw_pointer(address), static_cast<long>(size), protection)));
}

HOOK(void*, mremap, (void* address, size_t size, size_t new_size, int flags, ...)) {
  va_list list;
  va_start(list, flags);
  void* new_address = va_arg(list, void*);
  va_end(list);
  note_remapping(address, size);
  if ((flags & MREMAP_FIXED) != 0) note_remapping(new_address, new_size);
  if (real.mremap != nullptr) return real.mremap(address, size, new_size, flags, new_address);
  return address_of(
      checked(raw_syscall(SYS_mremap, raw_pointer(address), static_cast<long>(size),
                          static_cast<long>(new_size), flags, raw_pointer(new_address))));
}

HOOK(int, pkey_mprotect, (void* address, size_t size, int protection, int key)) {
  note_remapping(address, size);  // a key may forbid what the protection allows
  return real.pkey_mprotect(address, size, protection, key);
}

HOOK(int, madvise, (void* address, size_t size, int advice)) {
  note_madvise(address, size, advice);
  if (real.madvise != nullptr) return real.madvise(address, size, advice);
  return static_cast<int>(
      checked(raw_syscall(SYS_madvise, raw_pointer(address), static_cast<long>(size), advice)));
}

HOOK(ssize_t, process_madvise,
     (int pidfd, const iovec* vector, size_t count, int advice, unsigned flags)) {
  note_process_madvise(advice);
  return real.process_madvise(pidfd, vector, count, advice, flags);
}

HOOK(void*, shmat, (int id, const void* address, int flags)) {
  note_shared_memory();
  if ((flags & SHM_REMAP) != 0) note_remapping(address, 1);
  return real.shmat(id, address, flags);
}
