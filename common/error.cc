// SPDX-License-Identifier: Apache-2.0
// Texts of errors. Prints nothing: main does.
#include "common/error.h"

#include <system_error>
#include <utility>

namespace wireseam {

std::string errno_text(int errnum) { return std::generic_category().message(errnum); }

Error::Error(const std::string& message) : std::runtime_error(message) {}

Error::Error(std::string_view what, int errnum)
    : std::runtime_error(std::string(what) + ": " + errno_text(errnum)), errnum_(errnum) {}

Error::Error(std::string_view what, std::string_view subject, int errnum)
    : Error(std::string(what) + " '" + std::string(subject) + "'", errnum) {}

Error&& Error::with_cure(std::string cure) && {
  cure_ = std::move(cure);
  return std::move(*this);
}

}  // namespace wireseam
