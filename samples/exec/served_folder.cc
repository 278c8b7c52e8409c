// SPDX-License-Identifier: Apache-2.0
// Walks from the folder down, one name at a time: each openat(2) takes a single name in a folder
// that is already open and follows no link, so no path, and nobody who renames things meanwhile,
// leads out of it. (openat2(2) with RESOLVE_BENEATH does the same in one call, where it exists.)
#include "samples/exec/served_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "common/error.h"

namespace wireseam::samples {
namespace {

Error refused(std::string_view path, std::string_view reason) {
  return Error(fmt::format("get {}: {}", path, reason));
}

// The names between the slashes; "." and doubled slashes mean nothing.
std::vector<std::string> names_in(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, slash);
    if (!name.empty() && name != ".") names.emplace_back(name);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return names;
}

void check_path(std::string_view path, const std::vector<std::string>& names) {
  if (path.starts_with('/')) throw refused(path, "not relative to the served folder");
  if (path.find('\0') != path.npos) throw Error("get: the path has a NUL byte in it");
  if (names.empty()) throw refused(path, "names no file");
  for (const std::string& name : names) {
    if (name == "..") throw refused(path, "'..' is not served");
  }
}

// PATH is the whole of what was asked for, for the error.
ServedFile open_file(int folder, const std::string& name, std::string_view path) {
  // O_NONBLOCK: opening a FIFO would wait for its writer.
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  ServedFile file{.fd = Fd(openat(folder, name.c_str(), kFlags)), .name = name};
  if (!file.fd) throw refused(path, errno == ELOOP ? "is a symbolic link" : errno_text(errno));
  struct stat status {};
  if (fstat(file.fd.get(), &status) != 0) throw refused(path, errno_text(errno));
  if (!S_ISREG(status.st_mode)) throw refused(path, "not a regular file");
  file.size = static_cast<uint64_t>(status.st_size);
  return file;
}

}  // namespace

ServedFolder::ServedFolder(const std::string& path)
    : folder_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (!folder_) throw Error("open", path, errno);
}

ServedFile ServedFolder::open(std::string_view path) const {
  std::vector<std::string> names = names_in(path);
  check_path(path, names);
  const std::string last = names.back();
  names.pop_back();

  Fd below;
  int folder = folder_.get();
  for (const std::string& name : names) {
    Fd next(openat(folder, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) throw refused(path, errno_text(errno));
    below = std::move(next);
    folder = below.get();
  }
  return open_file(folder, last, path);
}

}  // namespace wireseam::samples
