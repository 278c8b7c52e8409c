// SPDX-License-Identifier: Apache-2.0
// Finds the system calls behind each libc call of one thread: by their order and arguments.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tracer/compare/call_fit.h"
#include "tracer/compare/compared_call.h"

namespace wireseam {

class Pairing {
 public:
  // Both must outlive this.
  Pairing(const ComparedThread& libc, const ComparedThread& kernel, Times times);

  // In the order in which they were made; of a call that was restarted there are several.
  const std::vector<size_t>& syscalls_of(size_t libc) const { return syscalls_[libc]; }

  // Where the libc call is one that makes system calls for itself: those are not it.
  bool is_inside(size_t libc) const;

  std::optional<size_t> libc_of(size_t syscall) const { return owners_[syscall]; }

  // Whether the program has nothing to do with it: it is the shim's, or not about a socket.
  bool is_foreign(size_t syscall) const;

 private:
  void find_shim_calls();
  size_t shim_calls_from(size_t cookie) const;
  void find_unread_questions();
  bool is_unread_question(size_t syscall) const;
  bool is_on(size_t syscall, CallNumber call, uint64_t fd) const;
  void join_restarts();
  void align_both();
  void attach(size_t libc, size_t syscall);
  void attach_restarts();
  void attach_failed_execs();
  void attach_unnoticed();
  bool may_be_inside(size_t libc, size_t syscall) const;
  void attach_inside(size_t libc, size_t begin, size_t end);
  void attach_all_inside();
  struct Gap {
    size_t begin = 0;
    size_t end = 0;
  };
  Gap gap_of(size_t libc) const;
  std::optional<size_t> continued_by(size_t syscall) const;

  const std::vector<ComparedCall>& libc_;
  const std::vector<ComparedCall>& kernel_;
  const Times times_;
  std::vector<std::vector<size_t>> syscalls_;
  std::vector<std::optional<size_t>> owners_;
  std::vector<bool> shims_;
  std::vector<std::optional<size_t>> next_parts_;  // of calls that the kernel has restarted
  std::vector<bool> is_continuation_;
};

}  // namespace wireseam
