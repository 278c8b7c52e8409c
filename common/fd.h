// SPDX-License-Identifier: Apache-2.0
// Owns one file descriptor and closes it, once.
#pragma once

#include <unistd.h>

#include <utility>

namespace wireseam {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  // Gives the descriptor away without closing it.
  int release() { return std::exchange(fd_, -1); }

  // Closes the old one. Linux frees the number even where close(2) reports EINTR or EIO, so the
  // result says nothing that could be acted on here.
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

}  // namespace wireseam
