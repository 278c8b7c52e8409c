// SPDX-License-Identifier: Apache-2.0
// files_tables HOW: a number is a socket in one table of descriptors and a file in another. A
// thread parts with the others by unshare(2) (thread), by syscall(2) (syscall) or by close_range(2)
// (range); a child shares the table, not the memory (files), has a copy of the table in the same
// memory while its parent waits (wait) or goes on (beside), or has a copy of both (copy).
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static int pair[2];
static const char* how;
static pthread_barrier_t barrier;
static char stack[64 << 10] __attribute__((aligned(16)));

static void put_file_at(int fd) {
  char bytes[20] = "";
  close(fd);
  require(open("file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) == fd, "open");
  require(write(fd, "into the file", 13) == 13, "write");
  lseek(fd, 0, SEEK_SET);
  require(read(fd, bytes, sizeof bytes) == 13, "read");
}

static void part(void) {
  if (strcmp(how, "thread") == 0) require(unshare(CLONE_FILES) == 0, "unshare");
  if (strcmp(how, "syscall") == 0) require(syscall(SYS_unshare, CLONE_FILES) == 0, "unshare");
  if (strcmp(how, "range") == 0)
    require(close_range(900, 1000, CLOSE_RANGE_UNSHARE) == 0, "close_range");
}

static void* in_thread(void* unused) {
  part();
  put_file_at(pair[0]);
  pthread_barrier_wait(&barrier);
  return unused;
}

static void with_thread(void) {
  pthread_t thread;
  pthread_barrier_init(&barrier, NULL, 2);
  pthread_create(&thread, NULL, in_thread, NULL);
  pthread_barrier_wait(&barrier);
  pthread_join(thread, NULL);
}

static int in_child(void* unused) {
  (void)unused;
  put_file_at(pair[0]);
  return 3;
}

static void with_child(int flags) {
  int status = -1;
  const pid_t child = clone(in_child, stack + sizeof stack, flags | SIGCHLD, NULL);
  require(child > 0, "clone");
  require(waitpid(child, &status, 0) == child, "waitpid");
  say("child: %d\n", WEXITSTATUS(status));
}

int main(int argc, char** argv) {
  char bytes[20];
  require(argc == 2, "usage");
  how = argv[1];
  unix_pair(pair);
  if (strcmp(how, "files") == 0)
    with_child(CLONE_FILES);
  else if (strcmp(how, "wait") == 0)
    with_child(CLONE_VM | CLONE_VFORK);
  else if (strcmp(how, "beside") == 0)
    with_child(CLONE_VM);
  else if (strcmp(how, "copy") == 0)
    with_child(0);
  else
    with_thread();
  show("write", write(pair[0], "into the socket", 15));
  show("recv", recv(pair[1], bytes, sizeof bytes, MSG_DONTWAIT));
  close(pair[0]);
  close(pair[1]);
  return 0;
}
