// SPDX-License-Identifier: Apache-2.0
// A file that is being fetched. It has a temporary name ("NAME.part-PID") until it is complete, so
// that a broken one never looks whole, and is removed if it never becomes so.
#pragma once

#include <string>
#include <string_view>

#include "common/fd.h"

namespace wireseam::samples {

enum class IfExists { Replace, Refuse };

class LocalFile {
 public:
  // Throws Error if PATH cannot be written, or exists and is not to be replaced. What exists and is
  // no regular file (/dev/null, a FIFO) is written to as it is.
  LocalFile(const std::string& path, IfExists if_exists);
  ~LocalFile();
  LocalFile(const LocalFile&) = delete;
  LocalFile& operator=(const LocalFile&) = delete;

  void write(std::string_view bytes);

  // The content is complete and right: gives the file its name.
  void commit();

 private:
  std::string path_;
  IfExists if_exists_;
  std::string part_;  // the temporary name; empty: there is none (any more)
  Fd fd_;
};

}  // namespace wireseam::samples
