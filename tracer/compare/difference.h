// SPDX-License-Identifier: Apache-2.0
// What differs between a libc call and the system calls that were paired with it, in plain words.
#pragma once

#include <span>
#include <string>

#include "tracer/compare/comparison.h"

namespace wireseam {

struct Difference {
  Verdict verdict = Verdict::Same;
  std::string words = "same";
};

// The last system call is that which succeeded, or failed for good.
Difference difference(const ComparedCall& libc, std::span<const ComparedCall* const> syscalls);

// The head of the words about system calls that a function of libc makes for itself: "name
// resolution"; empty for functions that are a system call.
std::string_view purpose_inside(const CallInfo& call);

// Whether two texts of a call ("name(arguments) = result") tell of the same arguments, as far as
// both tell them: pointers that one side did not follow and strings that are cut are not compared.
bool same_arguments(std::string_view one, std::string_view other);

}  // namespace wireseam
