// SPDX-License-Identifier: Apache-2.0
// What most of the programs need: to say on stdout what a call gave, and sockets to call on.
// Nothing that they print may differ from run to run: no pids, no ports, no addresses.
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Unbuffered, so that nothing is printed twice after a fork or lost at a sudden death.
#define say(...) dprintf(STDOUT_FILENO, __VA_ARGS__)

// Prints "NAME = 5" or "NAME = -1 (Bad address)".
static inline void show(const char* name, long result) {
  const int error = errno;
  if (result == -1)
    say("%s = -1 (%s)\n", name, strerror(error));
  else
    say("%s = %ld\n", name, result);
}

// The program cannot do what it is for.
static inline void require(int condition, const char* what) {
  if (condition) return;
  say("%s: %s\n", what, strerror(errno));
  _exit(99);
}

static inline void unix_pair(int fds[2]) {
  require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0, "socketpair");
}

static inline int loopback_listener(struct sockaddr_in* address) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  socklen_t size = sizeof *address;
  memset(address, 0, sizeof *address);
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(bind(fd, (struct sockaddr*)address, size) == 0, "bind");
  require(listen(fd, SOMAXCONN) == 0, "listen");
  require(getsockname(fd, (struct sockaddr*)address, &size) == 0, "getsockname");
  return fd;
}

// fds[0] connected, fds[1] was accepted.
static inline void tcp_pair(int fds[2]) {
  struct sockaddr_in address;
  const int listener = loopback_listener(&address);
  fds[0] = socket(AF_INET, SOCK_STREAM, 0);
  require(connect(fds[0], (struct sockaddr*)&address, sizeof address) == 0, "connect");
  fds[1] = accept(listener, NULL, NULL);
  require(fds[1] >= 0, "accept");
  close(listener);
}

// A number given on the command line, or the default.
static inline long argument(int argc, char** argv, int index, long otherwise) {
  return index < argc ? strtol(argv[index], NULL, 10) : otherwise;
}
