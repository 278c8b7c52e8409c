// SPDX-License-Identifier: Apache-2.0
// Calls that a signal interrupts: some fail with EINTR, some are restarted, as sigaction(2) and
// signal(7) have it. The signals come from a thread that knows that the call is being waited in.
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>

#include "tests/programs/src/support.h"

static int pair[2];
static pthread_t main_thread;
static char main_stat[64];
static volatile sig_atomic_t signals;
static volatile sig_atomic_t answers;  // the handler sends what is waited for

static void count(int number) {
  (void)number;
  ++signals;
  if (answers) send(pair[1], "x", 1, 0);
}

// Whether the main thread sleeps: the state behind its name in /proc (proc(5)).
static int main_sleeps(void) {
  char text[256];
  const int file = open(main_stat, O_RDONLY);
  const ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  text[size > 0 ? size : 0] = '\0';
  const char* name_end = strrchr(text, ')');
  return name_end != NULL && name_end[2] == 'S';
}

static void* interrupt(void* unused) {
  const int before = signals;
  int asleep = 0;
  while (asleep < 5) {  // in a row: a tracer may make it sleep for a moment, too
    asleep = main_sleeps() ? asleep + 1 : 0;
    usleep(2000);
  }
  pthread_kill(main_thread, SIGUSR1);
  while (signals == before) usleep(1000);
  return unused;
}

static void interrupted(const char* name, long (*wait)(void)) {
  pthread_t thread;
  pthread_create(&thread, NULL, interrupt, NULL);
  const long result = wait();
  show(name, result);
  pthread_join(thread, NULL);
}

static long in_recv(void) {
  char byte;
  return recv(pair[0], &byte, 1, 0);
}

static long in_read(void) {
  char byte;
  return read(pair[0], &byte, 1);
}

static long in_poll(void) {
  struct pollfd item = {pair[0], POLLIN, 0};
  return poll(&item, 1, -1);
}

static long in_select(void) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pair[0], &set);
  return select(pair[0] + 1, &set, NULL, NULL, NULL);
}

static long in_accept(void) {
  struct sockaddr_in address;
  const int listener = loopback_listener(&address);
  const long result = accept(listener, NULL, NULL);
  const int error = errno;
  close(listener);
  errno = error;
  return result;
}

static long in_epoll_wait(void) {
  struct epoll_event event = {.events = EPOLLIN};
  const int fd = epoll_create1(0);
  epoll_ctl(fd, EPOLL_CTL_ADD, pair[0], &event);
  const long result = epoll_wait(fd, &event, 1, -1);
  const int error = errno;
  close(fd);
  errno = error;
  return result;
}

static void handle(int flags) {
  const struct sigaction action = {.sa_handler = count, .sa_flags = flags};
  sigaction(SIGUSR1, &action, NULL);
}

int main(void) {
  unix_pair(pair);
  main_thread = pthread_self();
  snprintf(main_stat, sizeof main_stat, "/proc/self/task/%d/stat", (int)syscall(SYS_gettid));
  handle(0);
  interrupted("recv", in_recv);
  interrupted("read", in_read);
  interrupted("poll", in_poll);
  interrupted("select", in_select);
  interrupted("accept", in_accept);
  interrupted("epoll_wait", in_epoll_wait);
  handle(SA_RESTART);
  interrupted("poll, which is never restarted", in_poll);
  interrupted("epoll_wait, neither", in_epoll_wait);
  answers = 1;
  interrupted("recv, restarted", in_recv);
  interrupted("read, restarted", in_read);
  say("signals %d\n", (int)signals);
}
