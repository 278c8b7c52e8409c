// SPDX-License-Identifier: Apache-2.0
// vfork COUNT: children of vfork that make calls and end by _exit or by exec, with the parent's own
// calls before and after; one vforks in turn.
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static int fds[2];

static void call_once(const char* who) { require(send(fds[0], who, 1, 0) == 1, "send"); }

static int status_of(pid_t child) {
  int status = -1;
  require(waitpid(child, &status, 0) == child, "waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int exit_in_child(void) {
  const pid_t child = vfork();
  if (child == 0) {
    call_once("c");
    close(fds[1]);  // the child's own table
    _exit(3);
  }
  return status_of(child);
}

static int exec_in_child(void) {
  char* const arguments[] = {(char*)"sh", (char*)"-c", (char*)"exit 4", NULL};
  const pid_t child = vfork();
  if (child == 0) {
    call_once("c");
    execv("/bin/sh", arguments);
    _exit(99);
  }
  return status_of(child);
}

static int fail_to_exec_in_child(void) {
  const pid_t child = vfork();
  if (child == 0) {
    execlp("/nonexistent/program", "program", NULL);
    _exit(errno == ENOENT ? 5 : 99);
  }
  return status_of(child);
}

static int vfork_in_child(void) {
  const pid_t child = vfork();
  if (child == 0) {
    const pid_t grandchild = vfork();
    if (grandchild == 0) {
      call_once("g");
      _exit(6);
    }
    call_once("c");
    _exit(status_of(grandchild));
  }
  return status_of(child);
}

int main(int argc, char** argv) {
  const long count = argument(argc, argv, 1, 20);
  unix_pair(fds);
  for (long i = 0; i < count; ++i) {
    call_once("p");
    say("%d", exit_in_child());
    call_once("p");
    say("%d", exec_in_child());
    call_once("p");
    say("%d", fail_to_exec_in_child());
    call_once("p");
    say("%d\n", vfork_in_child());
  }
  call_once("p");
  return 0;
}
