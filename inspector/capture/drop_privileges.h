// SPDX-License-Identifier: Apache-2.0
// Gives up what only the opening of a capture needs.
#pragma once

namespace wireseam {

// For good: every capability; root, for the user who called sudo(8), else for nobody, where there
// is any other user (user_namespaces(7)); and any later gain of privileges (PR_SET_NO_NEW_PRIVS),
// which whatever this process starts inherits. Before it everything must be open that the user may
// not open, files to write to included; and no other thread may be there, since capset(2) is for
// one alone. Throws Error where something was kept.
void drop_privileges();

}  // namespace wireseam
