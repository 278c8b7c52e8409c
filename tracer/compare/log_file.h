// SPDX-License-Identifier: Apache-2.0
// Brings the lines of strace's output, from a file or a pipe, to whoever reads them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/fd.h"

namespace wireseam {

class LogFile {
 public:
  // `begun` has been read of the file already. `name` is for errors.
  LogFile(Fd file, std::string name, std::string begun = {});

  // Reads once, and gives each line that is whole now, without its newline; a last line that has
  // none is given at the end. Whether there may be more. Throws Error. A line longer than a
  // megabyte is given in pieces.
  bool read(const std::function<void(std::string_view line)>& take);

  int fd() const { return file_.get(); }

 private:
  Fd file_;
  std::string name_;
  std::string buffer_;
  bool begun_;
};

}  // namespace wireseam
