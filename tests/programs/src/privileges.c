// SPDX-License-Identifier: Apache-2.0
// privileges STEP...: takes each step and makes calls after it. "chroot" shuts it into the empty
// folder "jail"; "hide proc" gives it an empty /proc of its own; "setuid" makes it an ordinary
// user; "exec" executes it anew with the other steps. Ends with 77 where it lacks the right.
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "tests/programs/src/support.h"

static void move_bytes(const char* step) {
  int fds[2];
  char bytes[20];
  unix_pair(fds);
  show(step, send(fds[0], step, strlen(step), 0));
  show("recv", recv(fds[1], bytes, sizeof bytes, 0));
  close(fds[0]);
  close(fds[1]);
}

static char* self;

static int hide_proc(void) {
  if (unshare(CLONE_NEWNS) != 0) _exit(77);
  require(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "mount");
  return mount("none", "/proc", "tmpfs", 0, NULL);
}

static int take(char** argv) {
  if (strcmp(*argv, "chroot") == 0) {
    mkdir("jail", 0755);
    return chroot("jail") == 0 && chdir("/") == 0 ? 0 : -1;
  }
  if (strcmp(*argv, "hide proc") == 0) return hide_proc();
  if (strcmp(*argv, "setuid") == 0) return setuid(65534);
  return execv(self, argv);  // its own step is the new program's name
}

int main(int argc, char** argv) {
  self = realpath("/proc/self/exe", NULL);
  move_bytes("begin");
  for (int i = 1; i < argc; ++i) {
    const int result = take(argv + i);
    if (result != 0) show(argv[i], result);
    move_bytes(argv[i]);
  }
  return 0;
}
