// SPDX-License-Identifier: Apache-2.0
// What clone(2) and unshare(2) do to descriptors, for those who make these calls by syscall(2).
#pragma once

#include <cstdint>

namespace wireseam {

// A child with these flags is about to be made.
void note_clone(uint64_t flags);

// Whether a thread gets descriptors of its own by that.
bool parts_threads(uint64_t unshare_flags);

// SYS_clone and SYS_clone3; others are let pass.
void note_direct_clone(long number, const long* arguments);

// process_hooks.cc: the child of a clone(2) that has memory of its own.
void begin_cloned_child();

}  // namespace wireseam
