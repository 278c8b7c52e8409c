// SPDX-License-Identifier: Apache-2.0
// Socket calls for a program that loads it.
#include "tests/programs/src/support.h"

#pragma GCC visibility push(default)
void make_pair(int fds[2]) { unix_pair(fds); }
long send_text(int fd, const char* text) { return send(fd, text, strlen(text), 0); }
void close_pair(const int fds[2]) {
  close(fds[0]);
  close(fds[1]);
}
#pragma GCC visibility pop
