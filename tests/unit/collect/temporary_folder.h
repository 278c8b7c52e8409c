// SPDX-License-Identifier: Apache-2.0
// A folder for files that a test makes; goes with all that is in it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace wireseam {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "wireseam-test-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return path_ / name; }

  // A file of that name, its path.
  std::string file(const std::string& name, std::string_view content, int mode = 0755) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    std::filesystem::permissions(path_ / name, static_cast<std::filesystem::perms>(mode));
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace wireseam
