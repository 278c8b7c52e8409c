// SPDX-License-Identifier: Apache-2.0
// daemons COUNT: so many descendants become daemons, which fork inside libc, and make their first
// call when the program has ended. Each sends a byte to itself and is killed by SIGUSR1.
#include <signal.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static void live_on(const int* alive) {
  char byte;
  int fds[2];
  require(daemon(1, 0) == 0, "daemon");
  close(alive[1]);
  require(read(alive[0], &byte, 1) == 0, "read");  // nobody else has the other end any more
  unix_pair(fds);
  require(send(fds[0], "d", 1, 0) == 1, "send");
  raise(SIGUSR1);
}

int main(int argc, char** argv) {
  int alive[2];
  require(argc == 2 && pipe(alive) == 0, "usage");
  for (int i = atoi(argv[1]); i > 0; --i)
    if (fork() == 0) live_on(alive);
  while (wait(NULL) > 0) {
  }
  return 0;
}
