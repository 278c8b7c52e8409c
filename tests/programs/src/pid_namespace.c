// SPDX-License-Identifier: Apache-2.0
// pid_namespace: a child in a PID namespace of its own makes calls, and a thread and a child of it
// do. Ends with 77 where it may not make one.
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static int fds[2];

static void* run(void* unused) {
  (void)unused;
  char byte = 'n';
  for (int i = 0; i < 1000; ++i) {
    require(send(fds[0], &byte, 1, 0) == 1, "send");
    require(recv(fds[1], &byte, 1, 0) == 1, "recv");
  }
  return NULL;
}

static int be_first(void) {
  pthread_t thread;
  say("pid %d\n", getpid());
  run(NULL);
  pthread_create(&thread, NULL, run, NULL);
  pthread_join(thread, NULL);
  const pid_t child = fork();
  if (child == 0) {
    say("pid %d\n", getpid());
    run(NULL);
    return 3;
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

int main(void) {
  int status = -1;
  unix_pair(fds);
  if (unshare(CLONE_NEWPID) != 0) return 77;
  const pid_t child = fork();
  if (child == 0) return be_first();
  waitpid(child, &status, 0);
  say("status %d\n", WEXITSTATUS(status));
  return 0;
}
