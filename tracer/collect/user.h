// SPDX-License-Identifier: Apache-2.0
// Another user for the tracer and its program (-u USER).
#pragma once

#include <string>

namespace wireseam {

// Takes on the user's uid, gid and supplementary groups, for good. The tracer does so as well as
// its program, because /proc/PID/fd, where a program finds the region, opens for the same user
// only. Throws Error: no such user, or not root.
void become_user(const std::string& name);

}  // namespace wireseam
