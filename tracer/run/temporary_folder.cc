// SPDX-License-Identifier: Apache-2.0
#include "tracer/run/temporary_folder.h"

#include <cerrno>
#include <cstdlib>

#include "common/error.h"

namespace wireseam {

std::string make_temporary_folder() {
  const char* chosen = std::getenv("TMPDIR");
  const std::string parent = chosen != nullptr ? chosen : "";
  const bool usable = parent.starts_with('/') && parent.find(':') == parent.npos;
  std::string folder = (usable ? parent : "/tmp") + "/wireseam-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) throw Error("cannot create a folder", folder, errno);
  return folder;
}

}  // namespace wireseam
