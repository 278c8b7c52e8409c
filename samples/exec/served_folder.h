// SPDX-License-Identifier: Apache-2.0
// The folder whose files a client may fetch. Opens nothing outside of it, whatever the client asks
// for: no absolute path, no "..", no symbolic link, and nothing that is not a regular file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/fd.h"

namespace wireseam::samples {

struct ServedFile {
  Fd fd;  // for reading, at the beginning
  std::string name;
  uint64_t size = 0;  // bytes; the file may yet change
};

class ServedFolder {
 public:
  // Throws Error if PATH is no folder.
  explicit ServedFolder(const std::string& path);

  // Opens the file at PATH, relative to the folder. Throws Error "get PATH: REASON", to be sent to
  // the client: it tells nothing of what lies outside.
  ServedFile open(std::string_view path) const;

 private:
  Fd folder_;
};

}  // namespace wireseam::samples
