// SPDX-License-Identifier: Apache-2.0
// What calls by syscall(2) tell of the program's memory; the others are hooks.
#pragma once

namespace wireseam {

// The system call with this number and these arguments is about to be made.
void note_memory_call(long number, const long* arguments);

}  // namespace wireseam
