// SPDX-License-Identifier: Apache-2.0
// process_vm_readv(2) on oneself cannot fault: it answers EFAULT, also where another thread takes
// the memory away meanwhile. It is the one system call that copies from memory to memory and needs
// no descriptor; those that only look (rt_sigprocmask(2), mincore(2)) are cheaper, but what they
// saw may be gone before it is copied. Most of what must be read is certain to be there
// (own_memory.h).
#include "tracer/shim/safe_copy.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include <algorithm>

#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/state.h"

namespace wireseam {
namespace {

// This process by its own name for itself, asked for once: a forked child finds another process in
// fork_page. A vfork's child has its parent's, which names the same memory.
struct OwnPid {
  uint32_t process;
  long pid;
};
thread_local constinit OwnPid own_pid __attribute__((tls_model("initial-exec"))) = {};

long ask_pid(uint32_t process) {
  own_pid.process = 0;  // a signal handler may come in between
  own_pid.pid = raw_syscall(SYS_getpid);
  own_pid.process = process;
  return own_pid.pid;
}

long known_pid() {
  const uint32_t process = fork_page.process.load(std::memory_order_relaxed);
  return process != 0 && own_pid.process == process ? own_pid.pid : ask_pid(process);
}

struct Iovecs {
  const iovec* items;
  size_t count;
};

// The result of process_vm_readv(2).
long read_own_memory(Iovecs local, Iovecs remote) {
  if (is_sandboxed()) return -1;
  const auto read_as = [&](long pid) {
    return raw_syscall(SYS_process_vm_readv, pid, raw_pointer(local.items),
                       static_cast<long>(local.count), raw_pointer(remote.items),
                       static_cast<long>(remote.count), 0);
  };
  const long read = read_as(known_pid());
  // A vfork's child in a PID namespace of its own.
  return read == -ESRCH ? read_as(raw_syscall(SYS_getpid)) : read;
}

}  // namespace

bool can_read_pages(uintptr_t begin, uintptr_t end) {
  constexpr size_t kPagesAtOnce = 16;
  iovec pages[kPagesAtOnce];
  char bytes[kPagesAtOnce];
  for (uintptr_t page = begin / kPageSize; page <= (end - 1) / kPageSize;) {
    size_t count = 0;
    for (; count < kPagesAtOnce && page <= (end - 1) / kPageSize; ++count, ++page)
      pages[count] = {reinterpret_cast<void*>(page * kPageSize), 1};
    const iovec local{bytes, count};
    if (read_own_memory({&local, 1}, {pages, count}) != static_cast<long>(count)) return false;
  }
  return true;
}

bool safe_copy(void* target, const void* source, size_t size, Trust trust) {
  if (is_certainly_there(source, size, trust)) {
    memcpy(target, source, size);
    return true;
  }
  const iovec local{target, size};
  const iovec remote{const_cast<void*>(source), size};
  return read_own_memory({&local, 1}, {&remote, 1}) == static_cast<long>(size);
}

bool safe_copy_pieces(void* target, const void* source, size_t size, size_t stride, size_t count) {
  const auto* from = static_cast<const std::byte*>(source);
  if (count == 0) return true;
  if (is_certainly_there(source, (count - 1) * stride + size, Trust::Caller)) {
    for (size_t i = 0; i < count; ++i)
      memcpy(static_cast<std::byte*>(target) + i * size, from + i * stride, size);
    return true;
  }
  iovec remote[kMostPieces];
  for (size_t i = 0; i < count; ++i) remote[i] = {const_cast<std::byte*>(from + i * stride), size};
  const iovec local{target, count * size};
  return read_own_memory({&local, 1}, {remote, count}) == static_cast<long>(local.iov_len);
}

uint32_t safe_copy_each(const Piece* pieces, size_t count, Trust trust) {
  iovec local[kPiecesAtOnce];
  iovec remote[kPiecesAtOnce];
  size_t asked = 0;
  size_t wanted = 0;
  for (const Piece* piece = pieces; piece != pieces + count; ++piece) {
    if (is_certainly_there(piece->source, piece->size, trust)) {
      memcpy(piece->target, piece->source, piece->size);
    } else {
      local[asked] = {piece->target, piece->size};
      remote[asked++] = {const_cast<void*>(piece->source), piece->size};
      wanted += piece->size;
    }
  }
  uint32_t copied = (1u << count) - 1;
  if (asked == 0 || read_own_memory({local, asked}, {remote, asked}) == static_cast<long>(wanted))
    return copied;
  for (size_t i = 0; i < count; ++i)
    if (!safe_copy(pieces[i].target, pieces[i].source, pieces[i].size, trust)) copied &= ~(1u << i);
  return copied;
}

// In steps that do not cross a page, since a string may end just before one that is not mapped.
long safe_copy_string(char* target, const char* source, size_t size) {
  constexpr size_t kStep = 256;
  size_t length = 0;
  while (length < size) {
    const size_t to_step_end = kStep - reinterpret_cast<uintptr_t>(source + length) % kStep;
    const size_t step = std::min(to_step_end, size - length);
    if (is_certainly_there(source + length, step, Trust::Nobody)) {
      // Not by memcpy, which a sanitizer's program has replaced by one that forbids to read on.
      for (const size_t end = length + step; length < end; ++length)
        if ((target[length] = source[length]) == '\0') return static_cast<long>(length);
      continue;
    }
    if (!safe_copy(target + length, source + length, step)) return -1;
    const void* nul = memchr(target + length, 0, step);
    if (nul != nullptr) return static_cast<const char*>(nul) - target;
    length += step;
  }
  return static_cast<long>(size);
}

}  // namespace wireseam
