// SPDX-License-Identifier: Apache-2.0
// Writes beside the file, then renames. Never truncates what is there.
#include "samples/exec/local_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "common/error.h"

namespace wireseam::samples {

LocalFile::LocalFile(const std::string& path, IfExists if_exists)
    : path_(path), if_exists_(if_exists) {
  struct stat status {};
  const bool exists = stat(path.c_str(), &status) == 0;
  if (exists && if_exists == IfExists::Refuse) throw Error("cannot write", path, EEXIST);
  if (exists && S_ISDIR(status.st_mode)) throw Error("cannot write", path, EISDIR);

  if (exists && !S_ISREG(status.st_mode)) {
    fd_.reset(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  } else {
    part_ = fmt::format("{}.part-{}", path, getpid());
    fd_.reset(open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  }
  const int errnum = errno;
  if (fd_) return;
  throw Error("cannot write", part_.empty() ? path : part_, errnum);
}

LocalFile::~LocalFile() {
  if (!part_.empty()) unlink(part_.c_str());
}

void LocalFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0) throw Error("cannot write", path_, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void LocalFile::commit() {
  // close(2) reports what a network file system found out late.
  if (close(fd_.release()) != 0) throw Error("cannot write", path_, errno);
  if (part_.empty()) return;
  const unsigned flags = if_exists_ == IfExists::Refuse ? RENAME_NOREPLACE : 0;
  if (renameat2(AT_FDCWD, part_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0)
    throw Error("cannot write", path_, errno);
  part_.clear();
}

}  // namespace wireseam::samples
