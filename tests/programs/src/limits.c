// SPDX-License-Identifier: Apache-2.0
// limits KIND: makes calls, goes to the end of what a limit that it sets itself allows (nofile,
// fsize, as, memlock; any other word: none), and makes calls there.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "tests/programs/src/support.h"

static void limit(__rlimit_resource_t resource, rlim_t value) {
  const struct rlimit both = {value, value};
  require(setrlimit(resource, &both) == 0, "setrlimit");
}

static void move_bytes(int fds[2]) {
  char bytes[8];
  show("send", send(fds[0], "hello", 5, 0));
  show("recv", recv(fds[1], bytes, sizeof bytes, 0));
}

static void use_all_numbers(void) {
  long count = 0;
  limit(RLIMIT_NOFILE, 40);
  while (socket(AF_UNIX, SOCK_STREAM, 0) >= 0) ++count;
  show("socket", -1);
  show("as many sockets", count);
  limit(RLIMIT_NOFILE, 0);
  show("dup", dup(0));
}

static void write_nothing(void) {
  limit(RLIMIT_FSIZE, 0);
  signal(SIGXFSZ, SIG_IGN);
  const int file = open("file", O_CREAT | O_WRONLY, 0600);
  show("write", write(file, "text", 4));
}

// What the shim maps may take no more than a little of it.
static void map_all(void) {
  enum { kMegabyte = 1 << 20 };
  limit(RLIMIT_AS, 64 * kMegabyte);
  show("40 MiB",
       mmap(NULL, 40 * kMegabyte, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1
                                                                                               : 0);
  show("64 MiB",
       mmap(NULL, 64 * kMegabyte, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1
                                                                                               : 0);
}

static void lock_all(void) {
  limit(RLIMIT_MEMLOCK, 8 << 20);
  if (geteuid() == 0) require(setuid(65534) == 0, "setuid");
  show("mlockall", mlockall(MCL_CURRENT | MCL_FUTURE));
  show("munlockall", munlockall());
}

int main(int argc, char** argv) {
  int fds[2];
  require(argc == 2, "usage");
  unix_pair(fds);
  move_bytes(fds);
  if (strcmp(argv[1], "nofile") == 0) use_all_numbers();
  if (strcmp(argv[1], "fsize") == 0) write_nothing();
  if (strcmp(argv[1], "as") == 0) map_all();
  if (strcmp(argv[1], "memlock") == 0) lock_all();
  for (int i = 0; i < 1000; ++i) move_bytes(fds);
  return 0;
}
