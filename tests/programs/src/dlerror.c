// SPDX-License-Identifier: Apache-2.0
// Says what dlerror has at the start of main, and after a call when dlsym had failed before it.
#include <dlfcn.h>

#include "tests/programs/src/support.h"

int main(void) {
  int fds[2];
  say("%s\n", dlerror() == NULL ? "none yet" : "not ours");
  require(dlsym(RTLD_DEFAULT, "wireseam_no_such_symbol") == NULL, "dlsym");
  unix_pair(fds);
  show("send", send(fds[0], "hello", 5, 0));
  show("connect", connect(-1, NULL, 0));
  say("%s\n", strstr(dlerror(), "wireseam_no_such_symbol") != NULL ? "still there" : "gone");
  return 0;
}
