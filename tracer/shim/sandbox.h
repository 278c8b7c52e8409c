// SPDX-License-Identifier: Apache-2.0
// seccomp(2) filters that a program was executed with. One may kill it for a system call that it
// does not make itself.
#pragma once

namespace wireseam {

// Whether this process is under more filters than the collector that `variable` (kRegionVariable's
// value) tells of. Finds out by system calls that the loader has just made too, if there is a
// /proc.
bool has_filter_of_its_own(const char* variable);

}  // namespace wireseam
