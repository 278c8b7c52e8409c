// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/shim_location.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "common/error.h"

namespace wireseam {
namespace {

constexpr const char* kShimName = "libwireseam-shim.so";

std::string folder_of_this_program() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) throw Error("cannot read", "/proc/self/exe", error.value()).with_cure("Mount /proc.");
  return program.parent_path();
}

std::string find_shim() {
  const std::string folder = folder_of_this_program();
  for (const std::string& candidate : shim_candidates(folder)) {
    std::error_code error;
    const auto shim = std::filesystem::canonical(candidate, error);
    if (!error && access(shim.c_str(), R_OK) == 0) return shim;
    if (!error || error == std::errc::permission_denied)
      throw Error("cannot read the shim", candidate, EACCES)
          .with_cure("Whoever the program runs as must be able to read it.");
  }
  throw Error("cannot find the shim", kShimName, ENOENT)
      .with_cure("It belongs into the folder lib/wireseam beside '" + folder +
                 "'; 'cmake --install' puts it there.");
}

std::string temporary_folder() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen == '/' && fits_in_preload(chosen) ? chosen : "/tmp";
}

}  // namespace

std::vector<std::string> shim_candidates(const std::string& program_folder) {
  std::vector<std::string> candidates;
  for (const char* folder :
       {"../lib", WIRESEAM_SHIM_FOLDER, "../lib/wireseam", "../lib64/wireseam"})
    candidates.push_back(program_folder + "/" + folder + "/" + kShimName);
  return candidates;
}

bool fits_in_preload(std::string_view path) { return path.find_first_of(" :$") == path.npos; }

ShimLocation::ShimLocation() : file_(find_shim()) {
  if (!fits_in_preload(file_)) make_link();
}

// A link from a folder whose name has no such characters. It must stay as long as any program may
// start another one.
void ShimLocation::make_link() {
  std::string folder = temporary_folder() + "/wireseam-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr)
    throw Error("cannot create a folder for a link to the shim", folder, errno);
  link_folder_ = folder;
  chmod(folder.c_str(), 0755);  // a program may become another user before it starts the next one
  link_ = folder + "/" + kShimName;
  if (symlink(file_.c_str(), link_.c_str()) != 0)
    throw Error("cannot create a link to the shim", link_, errno);
}

ShimLocation::~ShimLocation() {
  if (link_folder_.empty()) return;
  unlink(link_.c_str());
  rmdir(link_folder_.c_str());
}

}  // namespace wireseam
