// SPDX-License-Identifier: Apache-2.0
// The modes of what is made to hold what programs sent and received: it is for its owner alone,
// from the first byte, whatever the umask. What is there already keeps its mode.
#pragma once

#include <sys/types.h>

namespace wireseam {

inline constexpr mode_t kPrivateFile = 0600;
inline constexpr mode_t kPrivateFolder = 0700;

}  // namespace wireseam
