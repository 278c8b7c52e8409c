// SPDX-License-Identifier: Apache-2.0
// left_calls TIMES CALLS [alternate]: leaves recv by siglongjmp from a timer's handler that many
// times, with so many finished calls after each; the handler may have a stack of its own.
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

#include "tests/programs/src/support.h"

static sigjmp_buf out;
static int handler_fd;
static volatile sig_atomic_t is_waiting;

static void leave(int number) {
  char byte = (char)number;
  if (!is_waiting) return;
  send(handler_fd, &byte, 1, MSG_OOB);  // not supported: it fails, within recv
  is_waiting = 0;
  siglongjmp(out, 1);
}

// 1 when it was left, as it should be.
static int wait_in_vain(int fd) {
  const struct itimerval soon = {{0, 50}, {0, 50}};
  const struct itimerval never = {{0, 0}, {0, 0}};
  char byte;
  if (sigsetjmp(out, 1) != 0) {
    setitimer(ITIMER_REAL, &never, NULL);
    return 1;
  }
  is_waiting = 1;
  setitimer(ITIMER_REAL, &soon, NULL);
  recv(fd, &byte, 1, 0);
  return 0;
}

int main(int argc, char** argv) {
  static char own_stack[64 << 10];
  const long times = argument(argc, argv, 1, 100);
  const long calls = argument(argc, argv, 2, 10);
  struct sigaction action = {.sa_handler = leave};
  int fds[2];
  unix_pair(fds);
  handler_fd = fds[0];
  if (argc > 3) {
    const stack_t stack = {.ss_sp = own_stack, .ss_size = sizeof own_stack};
    require(sigaltstack(&stack, NULL) == 0, "sigaltstack");
    action.sa_flags = SA_ONSTACK;
  }
  sigaction(SIGALRM, &action, NULL);
  long left = 0;
  for (long i = 0; i < times; ++i) {
    char byte;
    left += wait_in_vain(fds[0]);
    for (long k = 0; k < calls; ++k) recv(fds[1], &byte, 1, MSG_DONTWAIT);
  }
  say("left %ld\n", left);
}
