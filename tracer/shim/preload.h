// SPDX-License-Identifier: Apache-2.0
// Whether a program's loader can take the shim. It would complain on the program's stderr.
#pragma once

namespace wireseam {

// False where it is known not to: the program is built for another architecture, or the shim can't
// be read from here (chroot, another user). `program` may be any pointer; nullptr: not known.
bool can_preload(const char* shim_path, const char* program);

// `file` if it is a path, nullptr if it is a name that is looked for in PATH.
const char* path_or_null(const char* file);

}  // namespace wireseam
