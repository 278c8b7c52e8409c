// SPDX-License-Identifier: Apache-2.0
// How a process ended that is not our child: nobody can wait for it but its parent, who may not
// care, and to become its parent (PR_SET_CHILD_SUBREAPER) would show in the program's getppid(2).
#pragma once

#include <cstdint>
#include <optional>

namespace wireseam {

// The wait(2) status of a process that has ended: while it is a zombie from its stat file (proc(5),
// exit_code), afterwards from the pidfd (PIDFD_GET_INFO, Linux 6.15). No value where neither tells,
// or not yet. `pidfd` may be -1, and must be the process's.
std::optional<int32_t> status_of_ended(uint32_t pid, int pidfd);

}  // namespace wireseam
