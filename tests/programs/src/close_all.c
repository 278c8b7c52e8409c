// SPDX-License-Identifier: Apache-2.0
// close_all HOW: has sockets from descriptor 3 on, does away with all of them at once, and says
// what the numbers are good for afterwards. Then they are given to a file and to new sockets.
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "tests/programs/src/support.h"

enum { kFirst = 3, kPairs = 20, kEnd = kFirst + 2 * kPairs };

static void open_sockets(void) {
  for (int i = 0; i < kPairs; ++i) {
    int fds[2];
    unix_pair(fds);
    require(fds[1] == kFirst + 2 * i + 1, "numbers in order");
    require(send(fds[0], "before", 6, 0) == 6, "send");
  }
}

static void cover_all_with_a_file(void) {
  const int file = open("covering", O_CREAT | O_RDWR, 0600);
  require(write(file, "file", 4) == 4, "write");
  for (int fd = kFirst; fd < kEnd; ++fd) require(dup2(file, fd) == fd, "dup2");
  close(file);
}

static void close_each(void) {
  for (int fd = kFirst; fd < 1024; ++fd) close(fd);
}

static void do_away(const char* how) {
  if (strcmp(how, "close_range") == 0) show(how, close_range(kFirst, ~0U, 0));
  if (strcmp(how, "syscall") == 0) show(how, syscall(SYS_close_range, kFirst, ~0U, 0));
  if (strcmp(how, "closefrom") == 0) closefrom(kFirst);
  if (strcmp(how, "dup2") == 0) cover_all_with_a_file();
  if (strcmp(how, "close") == 0) close_each();
}

static void try_all(void) {
  char bytes[8];
  for (int fd = kFirst; fd < kEnd; ++fd) {
    show("send", send(fd, "after", 5, 0));
    show("read", read(fd, bytes, sizeof bytes));
  }
}

// None of these is about a socket.
static void use_for_files(void) {
  char bytes[8];
  for (int fd = kFirst; fd < kFirst + 4; ++fd) {
    close(fd);
    require(open("reused", O_CREAT | O_RDWR, 0600) == fd, "open");
    show("write", write(fd, "text", 4));
    show("read", pread(fd, bytes, sizeof bytes, 0));
  }
}

static void use_for_sockets(void) {
  int fds[2];
  char bytes[8];
  unix_pair(fds);
  show("write", write(fds[0], "again", 5));
  show("read", read(fds[1], bytes, sizeof bytes));
}

int main(int argc, char** argv) {
  require(argc == 2, "usage");
  open_sockets();
  do_away(argv[1]);
  try_all();
  use_for_files();
  use_for_sockets();
  return 0;
}
