// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/sandbox.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>

#include "tracer/shim/raw_syscall.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

uint32_t read_number(const char* text) {
  uint32_t number = 0;
  for (; *text >= '0' && *text <= '9'; ++text)
    number = number * 10 + static_cast<uint32_t>(*text - '0');
  return number;
}

// The value behind "NAME:\t" in a line of /proc/PID/status; nullptr where the line is another.
const char* value_of(const char* line, const char* name) {
  const size_t length = strlen(name);
  return strncmp(line, name, length) == 0 ? line + length : nullptr;
}

// Reads /proc/PID/status (proc(5)) piece by piece: its list of groups may be very long.
class FilterCount {
 public:
  void read(const char* piece, size_t size) {
    for (size_t i = 0; i < size; ++i) {
      if (piece[i] == '\n')
        end_line();
      else if (length_ + 1 < sizeof line_)
        line_[length_++] = piece[i];
    }
  }

  // Kernels before 5.9 don't count them.
  uint32_t count() const { return has_count_ || mode_ == 0 ? count_ : 1; }

 private:
  void end_line() {
    line_[length_] = '\0';
    length_ = 0;
    if (const char* mode = value_of(line_, "Seccomp:\t")) mode_ = read_number(mode);
    const char* count = value_of(line_, "Seccomp_filters:\t");
    if (count == nullptr) return;
    count_ = read_number(count);
    has_count_ = true;
  }

  char line_[32];
  size_t length_ = 0;
  uint32_t mode_ = 0;
  uint32_t count_ = 0;
  bool has_count_ = false;
};

// Where there is no /proc the kernel can only be asked whether there is one.
uint32_t count_filters() {
  const long fd =
      raw_syscall(SYS_openat, AT_FDCWD, raw_pointer("/proc/self/status"), O_RDONLY | O_CLOEXEC);
  if (is_error(fd)) return raw_syscall(SYS_prctl, PR_GET_SECCOMP) > 0 ? 1 : 0;
  FilterCount filters;
  char piece[512];
  for (;;) {
    const long size = raw_syscall(SYS_read, fd, raw_pointer(piece), sizeof piece);
    if (size <= 0) break;
    filters.read(piece, static_cast<size_t>(size));
  }
  raw_syscall(SYS_close, fd);
  return filters.count();
}

}  // namespace

bool has_filter_of_its_own(const char* variable) {
  const char* collectors = strchr(variable, kFiltersSeparator);
  return count_filters() > (collectors != nullptr ? read_number(collectors + 1) : 0);
}

}  // namespace wireseam
