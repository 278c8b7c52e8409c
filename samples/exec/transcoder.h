// SPDX-License-Identifier: Apache-2.0
// Converts text from one character encoding to another, piece by piece: a character that is cut
// by the end of one piece comes out with the next.
#pragma once

#include <iconv.h>

#include <string>
#include <string_view>

namespace wireseam::samples {

class Transcoder {
 public:
  // Names as in `iconv --list`. Throws UsageError for a conversion that iconv(3) doesn't know.
  Transcoder(const std::string& from, const std::string& to);
  ~Transcoder();
  Transcoder(const Transcoder&) = delete;
  Transcoder& operator=(const Transcoder&) = delete;

  // A byte that is no character of the encoding becomes "?".
  std::string convert(std::string_view piece);

  // The text has ended: gives what is left, a cut character as "?", and begins anew.
  std::string finish();

 private:
  iconv_t conversion_;
  std::string pending_;  // what no output was made of yet
};

// The encoding of this terminal, from LC_CTYPE in the environment; UTF-8 in the C locale, whose
// ASCII could show none of it.
std::string terminal_encoding();

}  // namespace wireseam::samples
