// SPDX-License-Identifier: Apache-2.0
// death FILE HOW CALLS: counts its finished calls in FILE, a shared mapping, and dies after CALLS
// of them: by kill (another process sends SIGKILL meanwhile), _exit, abort, crash, quick_exit or
// return.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static volatile uint64_t* finished;

static void send_calls(int fd, char* room, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    if (recv(fd, room, 1, MSG_DONTWAIT) != -1 || errno != EAGAIN) _exit(98);
    ++*finished;
  }
}

// Kills its parent when that has made half of its calls.
static void start_killer(uint64_t calls) {
  if (fork() != 0) return;
  while (*finished < calls / 2) {
  }
  kill(getppid(), SIGKILL);
  _exit(0);
}

int main(int argc, char** argv) {
  require(argc == 4, "usage");
  const uint64_t calls = strtoull(argv[3], NULL, 10);
  const char* how = argv[2];
  const int file = open(argv[1], O_RDWR | O_CREAT, 0600);
  require(file >= 0 && ftruncate(file, sizeof *finished) == 0, "file");
  finished = mmap(NULL, sizeof *finished, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  char room;
  int fds[2];
  unix_pair(fds);
  if (strcmp(how, "kill") == 0) start_killer(calls);
  send_calls(fds[0], &room, calls);
  if (strcmp(how, "_exit") == 0) _exit(7);
  if (strcmp(how, "quick_exit") == 0) quick_exit(8);
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "crash") == 0) *(volatile int*)1 = 0;
  return 9;
}
