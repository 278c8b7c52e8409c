// SPDX-License-Identifier: Apache-2.0
// How well a system call fits to a libc call: by what it is, by its descriptors, its arguments and
// its result. Time decides between two that fit alike, never more.
#pragma once

#include <cstdint>

#include "tracer/compare/compared_call.h"

namespace wireseam {

// Whether the times of both sides are of one clock and fine enough to tell calls apart.
enum class Times : uint8_t { Unusable, OneClock };

// For align(): what the pair is worth. 0 where it is none.
int fit(const ComparedCall& libc, const ComparedCall& syscall, Times times);

// The same kind of system call with the same descriptors and numbers.
bool is_same_call(const ComparedCall& libc, const ComparedCall& syscall);

// Whether libc may return this where the kernel returned that.
bool results_agree(const ComparedCall& libc, const ComparedCall& syscall);

// Whether the kernel is to make the call once more, unless a handler runs first (ERESTARTSYS, ...).
bool is_restart(const ComparedCall& syscall);

// Whether the system call was made while the libc call was.
bool is_within(const ComparedCall& syscall, const ComparedCall& libc);

}  // namespace wireseam
