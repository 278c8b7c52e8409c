// SPDX-License-Identifier: Apache-2.0
// Hooks that no row can express: variadic functions, a FILE*, syscall(2).
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/shim/clone_hooks.h"
#include "tracer/shim/memory_hooks.h"
#include "tracer/shim/real.h"
#include "tracer/shim/rows.h"

using namespace wireseam;
using namespace wireseam::rows;

namespace {

bool takes_argument(int fcntl_operation) {
  switch (fcntl_operation) {
    case F_GETFD:
    case F_GETFL:
    case F_GETOWN:
    case F_GETSIG:
    case F_GETLEASE:
    case F_GETPIPE_SZ:
    case F_GET_SEALS:
      return false;
    default:
      return true;
  }
}

// Makes the call that switches seccomp(2) on. From there on a system call of ours could kill the
// program. In strict mode even its clock could: the kernel forbids reading the TSC, which
// clock_gettime(2) does too. Programs also ask in this way what the kernel can do; then it fails,
// and all is as it was.
template <typename Function>
auto entering_sandbox(bool strict, Function function) {
  RegionHeader* region = shim.region.load(std::memory_order_relaxed);
  look_at_all();
  shim.sandboxes.fetch_add(1, std::memory_order_relaxed);
  if (thread_state.in_vfork_child) ++thread_state.child_sandboxes;
  if (strict) switch_off();
  const auto result = function();
  if (result != -1) return result;
  if (strict) shim.region.store(region, std::memory_order_release);
  shim.sandboxes.fetch_sub(1, std::memory_order_relaxed);
  if (thread_state.in_vfork_child) --thread_state.child_sandboxes;
  return result;
}

// Where reading the TSC is forbidden (PR_SET_TSC) there is no clock: nothing more is recorded.
template <typename Function>
auto changing_process(long option, unsigned long value, Function function) {
  if (option == PR_SET_SECCOMP) return entering_sandbox(value == SECCOMP_MODE_STRICT, function);
  const auto result = function();
  if (option == PR_SET_TSC && value == PR_TSC_SIGSEGV && result == 0) switch_off();
  return result;
}

}  // namespace

extern "C" int hook_fcntl(int fd, int operation, ...) __asm__("fcntl");
WIRESEAM_EXPORT int hook_fcntl(int fd, int operation, ...) {
  va_list list;
  va_start(list, operation);
  void* argument = va_arg(list, void*);
  va_end(list);
  const auto function = [argument](int fd_, int operation_, void*) {
    return real.fcntl(fd_, operation_, argument);
  };
  return Hook_fcntl::call(0, WIRESEAM_CALLER, function, fd, operation,
                          takes_argument(operation) ? argument : nullptr);
}
__asm__(".globl fcntl64\n.set fcntl64, fcntl\n.globl __fcntl\n.set __fcntl, fcntl");

extern "C" int hook_ioctl(int fd, unsigned long operation, ...) __asm__("ioctl");
WIRESEAM_EXPORT int hook_ioctl(int fd, unsigned long operation, ...) {
  va_list list;
  va_start(list, operation);
  void* argument = va_arg(list, void*);
  va_end(list);
  const auto function = [](int fd_, unsigned long operation_, void* argument_) {
    return real.ioctl(fd_, operation_, argument_);
  };
  return Hook_ioctl::call(0, WIRESEAM_CALLER, function, fd, operation, argument);
}

extern "C" int hook_fclose(FILE* stream) __asm__("fclose");
WIRESEAM_EXPORT int hook_fclose(FILE* stream) {
  const int saved_errno = errno;
  const int fd = stream == nullptr ? -1 : fileno(stream);
  errno = saved_errno;
  return Hook_fclose::call(
      0, WIRESEAM_CALLER, [stream](int) { return real.fclose(stream); }, fd);
}

// The number stays what it is and becomes a file, or is free where that failed.
extern "C" FILE* hook_freopen(const char* pathname, const char* mode,
                              FILE* stream) __asm__("freopen");
WIRESEAM_EXPORT FILE* hook_freopen(const char* pathname, const char* mode, FILE* stream) {
  const int saved_errno = errno;
  const int fd = stream == nullptr ? -1 : fileno(stream);
  errno = saved_errno;
  const auto function = [stream](const char* pathname_, const char* mode_, int fd_) {
    set_descriptor_kind(fd_, DescriptorKind::Unknown);
    return real.freopen(pathname_, mode_, stream);
  };
  return Hook_freopen::call(0, WIRESEAM_CALLER, function, pathname, mode, fd);
}
__asm__(".globl freopen64\n.set freopen64, freopen");

// Puts /dev/null where the standard streams were.
extern "C" int hook_daemon(int nochdir, int noclose) __asm__("daemon");
WIRESEAM_EXPORT int hook_daemon(int nochdir, int noclose) {
  const int result = real.daemon(nochdir, noclose);
  if (noclose == 0) forget_descriptors(STDIN_FILENO, STDERR_FILENO);
  return result;
}

extern "C" void hook_closefrom(int lowfd) __asm__("closefrom");
WIRESEAM_EXPORT void hook_closefrom(int lowfd) {
  const Words words{to_word(lowfd)};
  OpenCall open(CallNumber::closefrom, 0, WIRESEAM_CALLER, words);
  forget_descriptors(static_cast<unsigned>(lowfd < 0 ? 0 : lowfd), ~0u);
  real.closefrom(lowfd);
  if (open && open.returned(0, 0)) open.commit();
}

extern "C" int hook_gethostbyname2_r(const char* name, int af, hostent* ret, char* buf,
                                     size_t buflen, hostent** result,
                                     int* h_errnop) __asm__("gethostbyname2_r");
WIRESEAM_EXPORT int hook_gethostbyname2_r(const char* name, int af, hostent* ret, char* buf,
                                          size_t buflen, hostent** result, int* h_errnop) {
  const auto function = [ret](const char* name_, int af_, char* buf_, size_t buflen_,
                              hostent** result_, int* h_errnop_) {
    return real.gethostbyname2_r(name_, af_, ret, buf_, buflen_, result_, h_errnop_);
  };
  return Hook_gethostbyname2_r::call(0, WIRESEAM_CALLER, function, name, af, buf, buflen, result,
                                     h_errnop);
}

extern "C" int hook_prctl(int option, ...) __asm__("prctl");
WIRESEAM_EXPORT int hook_prctl(int option, ...) {
  va_list list;
  va_start(list, option);
  unsigned long arguments[4];
  for (unsigned long& argument : arguments) argument = va_arg(list, unsigned long);
  va_end(list);
  const auto function = [option, &arguments] {
    return real.prctl(option, arguments[0], arguments[1], arguments[2], arguments[3]);
  };
  return changing_process(option, arguments[0], function);
}

extern "C" long hook_syscall(long number, ...) __asm__("syscall");
WIRESEAM_EXPORT long hook_syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[kMaxArguments];
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  const auto direct = [number, &a](auto...) {
    return real.syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  };
  const void* caller = WIRESEAM_CALLER;
  switch (number) {
#define DIRECT(name, ...) \
  case SYS_##name:        \
    return Hook_##name::call(kFlagSyscall, caller, direct, __VA_ARGS__);
#include "tracer/shim/direct_calls.def"
#undef DIRECT
    case SYS_unshare:
      if (!parts_threads(static_cast<uint64_t>(a[0]))) break;
      part_files_tables();
      return Hook_unshare::call(kFlagSyscall, caller, direct, a[0]);
    case SYS_pidfd_getfd: {
      const long fd = direct();
      set_descriptor_kind(static_cast<int>(fd), DescriptorKind::Unknown);
      return fd;
    }
    case SYS_clone:
    case SYS_clone3:
      note_direct_clone(number, a);
      note_memory_call(number, a);
      break;
    case SYS_seccomp:
      if (a[0] != SECCOMP_SET_MODE_STRICT && a[0] != SECCOMP_SET_MODE_FILTER) break;
      return entering_sandbox(a[0] == SECCOMP_SET_MODE_STRICT, direct);
    case SYS_prctl:
      return changing_process(a[0], static_cast<unsigned long>(a[1]), direct);
    default:
      note_memory_call(number, a);
      break;
  }
  return direct();
}
