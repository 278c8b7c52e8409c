// SPDX-License-Identifier: Apache-2.0
// Threads that are cancelled while they wait in a call, and one that is to be cancelled but makes
// only calls that are no cancellation points.
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/un.h>

#include "tests/programs/src/support.h"

static int pair[2];
static int listener;
static struct sockaddr_un crowded;

static void wait_in_recv(void) {
  char byte;
  recv(pair[0], &byte, 1, 0);
}

static void wait_in_accept(void) { accept(listener, NULL, NULL); }

static void wait_in_poll(void) {
  struct pollfd item = {pair[0], POLLIN, 0};
  poll(&item, 1, -1);
}

// Its listener's queue is full.
static void wait_in_connect(void) {
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(fd, (struct sockaddr*)&crowded, sizeof crowded);
}

static void wait_in_recvmsg(void) {
  struct msghdr message = {0};
  recvmsg(pair[0], &message, 0);
}

static void wait_in_epoll_wait(void) {
  struct epoll_event event;
  const int fd = epoll_create1(0);
  epoll_wait(fd, &event, 1, -1);
}

static void clean_up(void* name) {
  say("%s: cleaned up\n", (char*)name);
  send(pair[0], "x", 1, 0);
}

struct Waiting {
  char* name;
  void (*wait)(void);
  pthread_barrier_t begun;
};

static void* run(void* argument) {
  struct Waiting* waiting = argument;
  pthread_cleanup_push(clean_up, waiting->name);
  pthread_barrier_wait(&waiting->begun);
  waiting->wait();
  say("%s: returned\n", waiting->name);
  pthread_cleanup_pop(0);
  return NULL;
}

static void cancel(char* name, void (*wait)(void)) {
  struct Waiting waiting = {.name = name, .wait = wait};
  pthread_barrier_init(&waiting.begun, NULL, 2);
  pthread_t thread;
  void* result;
  pthread_create(&thread, NULL, run, &waiting);
  pthread_barrier_wait(&waiting.begun);
  usleep(20000);  // it should be in the call; if it is not, the outcome is the same
  pthread_cancel(thread);
  pthread_join(thread, &result);
  say("%s: %s\n", name, result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
}

static void* cancel_later(void* unused) {
  int number = 0;
  socklen_t size = sizeof number;
  struct sockaddr_un address;
  socklen_t length = sizeof address;
  pthread_cancel(pthread_self());
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  show("getsockopt", getsockopt(fd, SOL_SOCKET, SO_TYPE, &number, &size));
  show("setsockopt", setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &number, size));
  show("getsockname", getsockname(fd, (struct sockaddr*)&address, &length));
  show("getpeername", getpeername(fd, (struct sockaddr*)&address, &length));
  show("listen", listen(fd, 1));
  show("shutdown", shutdown(fd, SHUT_RDWR));
  show("dup2", dup2(fd, fd) == fd);
  show("bind", bind(fd, NULL, 0));
  say("still there\n");
  close(fd);
  say("close did not cancel\n");
  return unused;
}

static void crowd(void) {
  crowded.sun_family = AF_UNIX;
  strcpy(crowded.sun_path, "crowded");
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  require(bind(fd, (struct sockaddr*)&crowded, sizeof crowded) == 0, "bind");
  require(listen(fd, 0) == 0, "listen");
  const int first = socket(AF_UNIX, SOCK_STREAM, 0);
  require(connect(first, (struct sockaddr*)&crowded, sizeof crowded) == 0, "connect");
}

int main(void) {
  struct sockaddr_in address;
  pthread_t thread;
  void* result;
  unix_pair(pair);
  listener = loopback_listener(&address);
  crowd();
  cancel("recv", wait_in_recv);
  cancel("accept", wait_in_accept);
  cancel("poll", wait_in_poll);
  cancel("connect", wait_in_connect);
  cancel("recvmsg", wait_in_recvmsg);
  cancel("epoll_wait", wait_in_epoll_wait);
  pthread_create(&thread, NULL, cancel_later, NULL);
  pthread_join(thread, &result);
  say("%s\n", result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
  return 0;
}
