// SPDX-License-Identifier: Apache-2.0
// The one exception type: something that the user must mend (no such file, no permission, a bad
// option). What arrives from outside (packets, frames, trace files) is data and never throws this.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace wireseam {

class Error : public std::runtime_error {
 public:
  // "MESSAGE", complete as it stands.
  explicit Error(const std::string& message);

  // "WHAT: ERRNO TEXT"; errnum as in errno(3).
  Error(std::string_view what, int errnum);

  // "WHAT 'SUBJECT': ERRNO TEXT".
  Error(std::string_view what, std::string_view subject, int errnum);

  // What the user can do about it, a line of its own under the message; empty where not known.
  const std::string& cure() const { return cure_; }
  Error&& with_cure(std::string cure) &&;

  // The errno behind it, 0 where there is none.
  int errnum() const { return errnum_; }

 private:
  std::string cure_;
  int errnum_ = 0;
};

// The text of an errno value, as strerror(3) has it, safe in threads.
std::string errno_text(int errnum);

}  // namespace wireseam
