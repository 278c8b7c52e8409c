// SPDX-License-Identifier: Apache-2.0
// A send on a broken connection kills a program that does not expect SIGPIPE, before the call can
// return. That its end was EPIPE follows from the signal that the program died of.
#pragma once

#include <cstddef>
#include <span>

namespace wireseam {

// Whether a call that was cut off may have raised SIGPIPE, and could then have no other end than
// EPIPE. No answer for calls that may have moved something before: sendfile(2), splice(2), several
// messages.
bool may_be_broken_pipe(std::span<const std::byte> call);

// Makes it one that has returned -1 with EPIPE.
void end_with_broken_pipe(std::span<std::byte> call);

}  // namespace wireseam
