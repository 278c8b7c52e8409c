// SPDX-License-Identifier: Apache-2.0
// filtered exec|child|around [COMMAND...]: executes a program under a seccomp(2) filter, as
// launchers of services and sandboxes do. "exec": itself, with one that kills for system calls that
// no loader makes; "child": the same from a vfork's child, which leaves the parent free; "around":
// the command, with one that allows all.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static char* const program[] = {"filtered", "program", NULL};

static void set_filter(const struct sock_filter* filter, size_t count) {
  const struct sock_fprog all = {(unsigned short)count, (struct sock_filter*)filter};
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
  require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all) == 0, "PR_SET_SECCOMP");
}

static void forbid_most(void) {
#define KILL(name)                                       \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
  const struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      KILL(process_vm_readv),
      KILL(readlinkat),
      KILL(fstat),
      KILL(getppid),
      KILL(gettid),
      KILL(getpid),
      KILL(geteuid),
      KILL(prctl),
      KILL(madvise),
      KILL(mremap),
      KILL(getsockopt),
      KILL(getsockname),
      KILL(getpeername),
      KILL(sigaltstack),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
#undef KILL
  set_filter(filter, sizeof filter / sizeof *filter);
}

static void allow_all(void) {
  const struct sock_filter filter[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  set_filter(filter, 1);
}

static void move_bytes(void) {
  char bytes[8];
  int fds[2];
  unix_pair(fds);
  require(write(fds[0], "hello", 5) == 5, "write");
  require(recv(fds[1], bytes, sizeof bytes, 0) == 5, "recv");
  close(fds[0]);
}

static void execute_in_child(void) {
  int status = -1;
  const pid_t child = vfork();
  if (child == 0) {
    forbid_most();
    execv("/proc/self/exe", program);
    _exit(9);
  }
  waitpid(child, &status, 0);
  say("child: %#x\n", (unsigned)status);
}

int main(int argc, char** argv) {
  require(argc >= 2, "usage");
  if (strcmp(argv[1], "around") == 0) {
    allow_all();
    execvp(argv[2], argv + 2);
  }
  move_bytes();
  if (strcmp(argv[1], "child") == 0) execute_in_child();
  if (strcmp(argv[1], "exec") == 0) {
    forbid_most();
    execv("/proc/self/exe", program);
  }
  move_bytes();
  say("%s: done\n", argv[1]);
  return 0;
}
