// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/search_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace wireseam {
namespace {

// 0, or why it can't be executed, as errno has it.
int execution_error(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return errno;
  if (S_ISDIR(file.st_mode)) return EISDIR;
  if (!S_ISREG(file.st_mode)) return EACCES;
  return faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

std::string in_folder(std::string_view folder, const std::string& name) {
  return folder.empty() ? "./" + name : std::string(folder) + "/" + name;
}

}  // namespace

CannotRun::CannotRun(std::string_view program, int errnum) : Error("cannot run", program, errnum) {}

int CannotRun::exit_status_for(int errnum) { return errnum == ENOENT ? 127 : 126; }

std::string find_program(const std::string& name, std::string_view search_path) {
  if (name.find('/') != name.npos) {
    if (const int error = execution_error(name)) throw CannotRun(name, error);
    return name;
  }
  bool found_one = false;
  while (!name.empty()) {
    const size_t colon = search_path.find(':');
    const std::string path = in_folder(search_path.substr(0, colon), name);
    const int error = execution_error(path);
    if (error == 0) return path;
    found_one = found_one || error == EACCES;
    if (colon == search_path.npos) break;
    search_path.remove_prefix(colon + 1);
  }
  throw CannotRun(name, found_one ? EACCES : ENOENT);
}

}  // namespace wireseam
