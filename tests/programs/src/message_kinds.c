// SPDX-License-Identifier: Apache-2.0
// Calls that move bytes and messages and wait for readiness, right and wrong, so that two tracers'
// lines can be compared. Prints nothing.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/uio.h>

#include "tests/programs/src/support.h"

// Volatile, so that the compiler does not see where they point.
static void* volatile bad_pointer = (void*)8;
static void* volatile null_pointer = NULL;

static void bytes(int to, int from) {
  char buffer[4000] = "";
  send(to, "hello\n\t\r\v\f\"\\\1\0012\0\377x", 18, 0);
  recv(from, buffer, sizeof buffer, 0);
  send(to, buffer, 3000, MSG_NOSIGNAL | MSG_DONTWAIT);
  recv(from, buffer, 100, MSG_PEEK);
  recv(from, buffer, sizeof buffer, MSG_WAITALL | MSG_DONTWAIT);
  recv(from, buffer, 10, MSG_DONTWAIT);
  send(to, "", 0, 0);
  send(to, null_pointer, 5, 0);
  send(to, bad_pointer, 5, 0);
  send(-1, "abc", 3, 0x10000000);
  send(to, "xy", 2, 0);
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  recvfrom(from, buffer, 10, 0, (struct sockaddr*)&name, &size);
  recvfrom(from, buffer, 10, MSG_DONTWAIT, (struct sockaddr*)&name, &size);
}

static void vectors(int to, int from) {
  char first[5];
  char second[100];
  struct iovec out[] = {{"abc", 3}, {"defg", 4}, {NULL, 0}};
  struct iovec in[] = {{first, sizeof first}, {second, sizeof second}};
  writev(to, out, 3);
  readv(from, in, 2);
  preadv2(from, in, 2, -1, RWF_NOWAIT);
  fcntl(from, F_SETFL, O_NONBLOCK);
  readv(from, in, 2);
  readv(from, in, 0);
  readv(from, bad_pointer, 2);
  fcntl(from, F_SETFL, 0);
  writev(to, null_pointer, 2);
  writev(to, out, 0);
  writev(to, bad_pointer, 2);
}

static void messages(int to, int from) {
  char buffer[100];
  char control[200];
  char name[50];
  struct iovec out = {"message", 7};
  struct iovec in[] = {{buffer, 3}, {buffer + 3, 50}};
  struct msghdr sent = {.msg_iov = &out, .msg_iovlen = 1};
  struct msghdr received = {.msg_name = name,
                            .msg_namelen = sizeof name,
                            .msg_iov = in,
                            .msg_iovlen = 2,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
  sendmsg(to, &sent, 0);
  recvmsg(from, &received, 0);
  recvmsg(from, &received, MSG_DONTWAIT);
  sendmsg(to, null_pointer, 0);
  recvmsg(from, bad_pointer, 0);
  struct mmsghdr several[2] = {{.msg_hdr = sent}, {.msg_hdr = sent}};
  sendmmsg(to, several, 2, 0);
  sendmmsg(-1, several, 2, 0);
  struct mmsghdr places[2] = {{.msg_hdr = {.msg_iov = in, .msg_iovlen = 1}},
                              {.msg_hdr = {.msg_iov = in + 1, .msg_iovlen = 1}}};
  recvmmsg(from, places, 2, MSG_DONTWAIT, NULL);
  recvmmsg(from, places, 2, MSG_DONTWAIT, NULL);
}

static void control_messages(int to) {
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(2 * sizeof(int))];
  } control = {.header = {CMSG_LEN(2 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
  const int fds[] = {to, to};
  memcpy(CMSG_DATA(&control.header), fds, sizeof fds);
  struct iovec out = {"rights", 6};
  struct msghdr message = {
      .msg_iov = &out, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  sendmsg(to, &message, 0);
  control.header.cmsg_type = 77;
  sendmsg(to, &message, 0);
  control.header.cmsg_len = 0;
  sendmsg(to, &message, 0);
  control.header.cmsg_len = 1000;
  sendmsg(to, &message, 0);
}

static void polls(int to, int from) {
  struct pollfd fds[] = {{to, POLLOUT, 0}, {from, POLLPRI, 0}, {-1, POLLIN, 0}};
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, 40);
  const struct timespec time = {1, 5};
  poll(fds, 3, 1000);
  poll(fds + 1, 1, 0);
  ppoll(fds, 2, &time, &signals);
  sigfillset(&signals);
  ppoll(fds, 2, NULL, &signals);
}

static void selects(int to, int from) {
  fd_set out;
  FD_ZERO(&out);
  FD_SET(to, &out);
  FD_SET(from, &out);
  struct timeval time = {1, 0};
  select(from + 1, NULL, &out, NULL, &time);
  const struct timespec precise = {1, 5};
  pselect(from + 1, NULL, &out, NULL, &precise, NULL);
}

static void epolls(int to) {
  const int fd = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLOUT | EPOLLET | 0x800000, .data.u64 = 78187493520};
  epoll_ctl(fd, EPOLL_CTL_ADD, to, &event);
  epoll_ctl(fd, 77, to, &event);
  struct epoll_event ready[4];
  epoll_wait(fd, ready, 4, 100);
  epoll_wait(fd, ready, 4, 0);
  epoll_pwait(fd, ready, 4, 0, NULL);
  epoll_wait(-1, ready, 4, 0);
  epoll_ctl(fd, EPOLL_CTL_DEL, to, NULL);
}

int main(void) {
  int pair[2];
  unix_pair(pair);
  bytes(pair[0], pair[1]);
  vectors(pair[0], pair[1]);
  messages(pair[0], pair[1]);
  control_messages(pair[0]);
  polls(pair[0], pair[1]);
  selects(pair[0], pair[1]);
  epolls(pair[0]);
}
