// SPDX-License-Identifier: Apache-2.0
// One TCP connection under many numbers: duplicated, inherited by a child, and passed to it over a
// socket (SCM_RIGHTS). Each number sends what it is.
#include <sys/wait.h>

#include "tests/programs/src/support.h"

enum { kNumbers = 40 };

static void pass(int over, int fd) {
  char control[CMSG_SPACE(sizeof fd)] = {0};
  struct iovec byte = {control, 1};
  struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1};
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_len = CMSG_LEN(sizeof fd);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  require(sendmsg(over, &message, 0) == 1, "sendmsg");
}

static int receive(int over) {
  int fd = -1;
  char bytes[1];
  char control[CMSG_SPACE(sizeof fd)];
  struct iovec byte = {bytes, 1};
  struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1};
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  require(recvmsg(over, &message, 0) == 1, "recvmsg");
  memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
  return fd;
}

static void say_on(int fd, const char* what) { show(what, send(fd, what, strlen(what), 0)); }

// Has had the connection closed and gets it again.
static void be_child(int connection, const int over[2]) {
  close(connection);
  close(over[0]);
  const int passed = receive(over[1]);
  show("passed number", passed);
  say_on(passed, "passed");
  _exit(0);
}

static void be_parent(int connection, int over) {
  int status = 0;
  pass(over, connection);
  wait(&status);
  show("child", status);
}

int main(void) {
  int tcp[2];
  int over[2];
  char bytes[1000];
  tcp_pair(tcp);
  unix_pair(over);
  for (int fd = 100; fd < 100 + kNumbers; ++fd) {
    require(dup2(tcp[0], fd) == fd, "dup2");
    say_on(fd, "dup2");
  }
  say_on(dup(tcp[0]), "dup");
  if (fork() == 0) be_child(tcp[0], over);
  be_parent(tcp[0], over[0]);
  pass(over[0], tcp[0]);
  say_on(receive(over[1]), "passed to itself");
  show("received", recv(tcp[1], bytes, sizeof bytes, 0));
  return 0;
}
