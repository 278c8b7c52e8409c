// SPDX-License-Identifier: Apache-2.0
// fork_handlers [daemon]: handlers of pthread_atfork make calls on both sides of a fork, as those
// of libraries do; the child tells what it got. Or the child is daemon(3)'s.
#include <pthread.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static int log_fd;
static int pair[2];

static void before(void) { unix_pair(pair); }

static void in_parent(void) { close(pair[1]); }

static void in_child(void) {
  close(log_fd);
  close(pair[0]);
}

static void fork_a_child(void) {
  char bytes[8];
  int status = -1;
  pthread_atfork(before, in_parent, in_child);
  if (fork() == 0) _exit(send(pair[1], "child", 5, 0) == 5 ? 3 : 4);
  show("recv", recv(pair[0], bytes, sizeof bytes, 0));
  show("recv", recv(pair[0], bytes, sizeof bytes, 0));  // all other ends are closed
  show("parent", send(log_fd, "log", 3, MSG_DONTWAIT));
  wait(&status);
  say("child: %d\n", WEXITSTATUS(status));
}

int main(int argc, char** argv) {
  log_fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (argc == 2 && strcmp(argv[1], "daemon") == 0)
    show("daemon", daemon(1, 1));
  else
    fork_a_child();
  return 0;
}
