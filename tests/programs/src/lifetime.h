// SPDX-License-Identifier: Apache-2.0
// What lifetime.c and its library do before main and after it.
#pragma once

#include "tests/programs/src/support.h"

// Its pair stays open, so that the numbers tell whether others hold descriptors.
static inline void move_bytes(const char* when) {
  int fds[2];
  char bytes[40];
  unix_pair(fds);
  show(when, send(fds[0], when, strlen(when), 0));
  show("on", fds[0]);
  require(recv(fds[1], bytes, sizeof bytes, 0) == (ssize_t)strlen(when), "recv");
}
