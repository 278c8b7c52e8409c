// SPDX-License-Identifier: Apache-2.0
#include "tracer/run/strace_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "common/error.h"
#include "tracer/run/temporary_folder.h"

namespace wireseam {
namespace {

// Reads of one drain(), so that what was read is printed in between.
constexpr int kMaxReads = 64;

// Opened without waiting for strace, and then made to wait for its lines.
Fd make_fifo(const std::string& path) {
  if (mkfifo(path.c_str(), 0600) != 0)
    throw Error("cannot create a pipe for what strace prints", path, errno);
  Fd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) throw Error("cannot open", path, errno);
  fcntl(fd.get(), F_SETFL, 0);
  return fd;
}

}  // namespace

StraceSource::StraceSource() : folder_(make_temporary_folder()), path_(folder_ + "/log") {
  try {
    file_.emplace(make_fifo(path_), path_);
  } catch (const Error&) {
    rmdir(folder_.c_str());
    throw;
  }
}

StraceSource::~StraceSource() { remove_path(); }

void StraceSource::remove_path() {
  if (folder_.empty()) return;
  unlink(path_.c_str());
  rmdir(folder_.c_str());
  folder_.clear();
}

// strace has opened it: nobody needs the name any more, and a sudden end leaves nothing behind.
void StraceSource::begin() {
  begun_ = true;
  remove_path();
}

// Also at the end, but not before strace has opened it.
bool StraceSource::is_readable() const {
  pollfd item{file_->fd(), POLLIN, 0};
  return !ended_ && poll(&item, 1, 0) == 1;
}

size_t StraceSource::drain() {
  size_t lines = 0;
  for (int reads = 0; reads < kMaxReads && is_readable(); ++reads) {
    ended_ = !file_->read([&](std::string_view line) {
      if (!begun_) begin();
      ++lines;
      takers_.line(line);
    });
  }
  if (lines == 0) takers_.idle();
  return lines;
}

void StraceSource::wait(uint64_t timeout_ns) {
  const timespec timeout{static_cast<time_t>(timeout_ns / 1'000'000'000),
                         static_cast<long>(timeout_ns % 1'000'000'000)};
  pollfd item{file_->fd(), POLLIN, 0};
  ppoll(&item, ended_ ? 0 : 1, &timeout, nullptr);
}

void StraceSource::finish() {
  while (drain() > 0) continue;
  takers_.end();
}

}  // namespace wireseam
