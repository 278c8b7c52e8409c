// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/file_bytes.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace wireseam {

FILE* FileBytes::open_stream(size_t alone) {
  alone_ = alone;
  return fopencookie(this, "r",
                     {.read = read_stream, .write = nullptr, .seek = nullptr, .close = nullptr});
}

ssize_t FileBytes::read_stream(void* cookie, char* to, size_t size) {
  auto& bytes = *static_cast<FileBytes*>(cookie);
  const auto next = bytes.peek(1);
  if (next.empty() && bytes.errnum_ != 0) {
    errno = bytes.errnum_;
    return -1;
  }
  size_t count = std::min(size, next.size());
  if (bytes.position() < bytes.alone_)
    count = std::min<size_t>(count, bytes.alone_ - bytes.position());
  std::memcpy(to, next.data(), count);
  bytes.skip(count);
  return static_cast<ssize_t>(count);
}

void FileBytes::fill(size_t size) {
  if (size > kMost) return;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  errnum_ = 0;
  while (end_ < size) {
    // Step by step: a file may claim to have more than it has.
    if (end_ == buffer_.size()) buffer_.resize(std::min(2 * buffer_.size(), kMost));
    const size_t room = std::min(buffer_.size(), std::max(size, kUsual)) - end_;
    const ssize_t count = read(file_.get(), buffer_.data() + end_, room);
    if (count < 0) errnum_ = errno;
    if (count <= 0) return;
    end_ += static_cast<size_t>(count);
    read_ += static_cast<uint64_t>(count);
  }
}

}  // namespace wireseam
