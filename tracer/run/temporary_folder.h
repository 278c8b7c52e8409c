// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace wireseam {

// A new folder of ours alone, in TMPDIR or /tmp; its path has no colon. Throws Error.
std::string make_temporary_folder();

}  // namespace wireseam
