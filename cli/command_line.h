// SPDX-License-Identifier: Apache-2.0
// What main and the verbs say about their command lines.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/error.h"

namespace wireseam {

// The command line is wrong: exit status 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

// Not an error: the user asked for this text.
struct HelpRequest {
  std::string text;
};

// Something to say that ends nothing: "wireseam: MESSAGE" on stderr.
void warn(const std::string& message);

// "; did you mean 'WORD'?" with the one of `words` that was probably meant, or nothing.
std::string suggestion(std::string_view mistyped, std::span<const std::string> words);

}  // namespace wireseam
