// SPDX-License-Identifier: Apache-2.0
// The bytes of a file or a pipe in their order, through one buffer. They can be taken where they
// lie, and by libpcap from a stream, which goes on where they were left.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

#include "common/fd.h"

namespace wireseam {

class FileBytes {
 public:
  // What can be looked at, at once.
  static constexpr size_t kMost = size_t{16} << 20;

  explicit FileBytes(Fd file) : file_(std::move(file)), buffer_(kUsual) {}
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  int fd() const { return file_.get(); }

  // The next bytes, which stay to be read: `size` of them or more; fewer at the end, where reading
  // failed, and where they are too many. Waits for them. Live until the next call.
  std::span<const std::byte> peek(size_t size) {
    if (end_ - begin_ < size) fill(size);
    return std::span(buffer_).subspan(begin_, end_ - begin_);
  }
  // Those that are here, without waiting for any.
  std::span<const std::byte> buffered() const {
    return std::span(buffer_).subspan(begin_, end_ - begin_);
  }
  // Leaves out that many of those.
  void skip(size_t size) { begin_ += size; }

  // How many were taken so far.
  uint64_t position() const { return read_ - (end_ - begin_); }
  // Of the last read(2) that failed; 0: none did.
  int errnum() const { return errnum_; }

  // The same bytes as a stream. It has a buffer of its own: of the file's first `alone` bytes it
  // takes none behind them, and later on none must be taken but from it. To be closed while this is
  // live. Null, with errno, where there is no memory.
  FILE* open_stream(size_t alone);

 private:
  // Fits into a processor's cache. The buffer grows where more is looked at.
  static constexpr size_t kUsual = size_t{256} << 10;

  void fill(size_t size);
  static ssize_t read_stream(void* cookie, char* to, size_t size);

  Fd file_;
  std::vector<std::byte> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t read_ = 0;
  int errnum_ = 0;
  size_t alone_ = 0;
};

}  // namespace wireseam
