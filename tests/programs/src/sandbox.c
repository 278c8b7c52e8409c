// SPDX-License-Identifier: Apache-2.0
// sandbox strict|filter|probe: makes calls, shuts itself into seccomp(2), and makes those that are
// still allowed; any other system call would kill it. With "probe" it only asks the kernel, and
// goes on with a thread.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tests/programs/src/support.h"

enum { kCalls = 20000 };

static int fds[2];

static void move_bytes(void) {
  char bytes[8];
  require(send(fds[0], "hello", 5, 0) == 5, "send");
  require(recv(fds[1], bytes, sizeof bytes, 0) == 5, "recv");
}

// What the calls in the loop need, and to end.
static void allow_few(void) {
#define ALLOW(name)                                      \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ALLOW(sendto),
      ALLOW(recvfrom),
      ALLOW(write),
      ALLOW(close),
      ALLOW(exit_group),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
#undef ALLOW
  const struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
  require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0, "PR_SET_SECCOMP");
}

static void be_strict(void) {
  char byte = 's';
  require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0, "PR_SET_SECCOMP");
  if (write(fds[0], &byte, 1) != 1 || read(fds[1], &byte, 1) != 1 || byte != 's') byte = 1;
  if (write(STDOUT_FILENO, "strict\n", 7) != 7) byte = 2;
  syscall(SYS_exit, byte == 's' ? 0 : 1);  // exit_group is forbidden
}

static void* call_in_thread(void* unused) {
  for (int i = 0; i < 100; ++i) move_bytes();
  return unused;
}

// Each of these fails, and says by its errno what there is.
static void ask(void) {
  pthread_t thread;
  show("PR_SET_SECCOMP", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL));
  show("PR_SET_SECCOMP", prctl(PR_SET_SECCOMP, 77, NULL));
  show("strict", syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL));
  show("filter", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
  const uint32_t action = SECCOMP_RET_KILL_PROCESS;
  show("action", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
  pthread_create(&thread, NULL, call_in_thread, NULL);
  pthread_join(thread, NULL);
}

int main(int argc, char** argv) {
  require(argc == 2, "usage");
  unix_pair(fds);
  move_bytes();
  if (strcmp(argv[1], "strict") == 0) be_strict();
  if (strcmp(argv[1], "probe") == 0) ask();
  if (strcmp(argv[1], "filter") == 0) {
    allow_few();
    for (int i = 0; i < kCalls; ++i) move_bytes();
    if (close(fds[0]) == 0 && write(STDOUT_FILENO, "done\n", 5) != 5) return 1;
  }
  return 0;
}
