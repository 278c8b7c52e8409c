// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wireseam {

// Records what is loaded now. Takes the loader's lock, so it is for the beginning of a program
// only.
void tell_modules();

}  // namespace wireseam
