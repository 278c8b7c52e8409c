// SPDX-License-Identifier: Apache-2.0
// Counts, descriptors and operations of more than 32 bits, of which the kernel takes the lower 32.
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "tests/programs/src/support.h"

static volatile long wide = 1L << 32;  // the compiler knows that it is wrong

int main(void) {
  int fds[2];
  char bytes[16] = "sixteen bytes..";
  struct iovec vector[] = {{bytes, 8}, {bytes + 8, 8}};
  struct mmsghdr messages[2] = {{{.msg_iov = vector, .msg_iovlen = 2}, 0},
                                {{.msg_iov = vector, .msg_iovlen = 1}, 0}};
  void* nowhere = (void*)8;
  unix_pair(fds);
  struct pollfd polled = {fds[1], POLLIN, 0};
  show("poll of none", poll(nowhere, (nfds_t)wide, 0));
  show("poll of one", poll(&polled, (nfds_t)wide + 1, 0));
  show("ppoll of none", ppoll(nowhere, (nfds_t)wide, &(struct timespec){0, 0}, NULL));
  show("syscall: ppoll", syscall(SYS_ppoll, nowhere, wide, &(struct timespec){0, 0}, NULL, 8));
  show("syscall: writev of none", syscall(SYS_writev, fds[0], nowhere, wide));
  show("syscall: writev of two", syscall(SYS_writev, fds[0] | wide, vector, wide | 2));
  show("syscall: readv of one", syscall(SYS_readv, fds[1], vector, wide | 1));
  show("syscall: sendmmsg of none", syscall(SYS_sendmmsg, fds[0], nowhere, wide, 0));
  show("syscall: sendmmsg of two", syscall(SYS_sendmmsg, fds[0], messages, wide | 2, wide));
  show("syscall: recvmmsg of one",
       syscall(SYS_recvmmsg, fds[1], messages, wide | 1, wide | MSG_DONTWAIT, NULL));
  show("syscall: sendto",
       syscall(SYS_sendto, wide | fds[0], bytes, 5, wide | MSG_NOSIGNAL, NULL, wide));
  show("syscall: recvfrom",
       syscall(SYS_recvfrom, fds[1], bytes, 16, wide | MSG_DONTWAIT, NULL, NULL));
  const long copy = syscall(SYS_fcntl, wide | fds[0], wide | F_DUPFD, 50);
  show("syscall: F_DUPFD", copy);
  show("write to the copy", write((int)copy, bytes, 3));
  int unread = 0;
  show("syscall: FIONREAD", syscall(SYS_ioctl, fds[1], wide | (long)FIONREAD, &unread));
  const int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fds[1]};
  show("syscall: EPOLL_CTL_ADD",
       syscall(SYS_epoll_ctl, wide | epoll, wide | EPOLL_CTL_ADD, wide | fds[1], &event));
  show("syscall: epoll_pwait",
       syscall(SYS_epoll_pwait, epoll, &event, wide | 1, wide | 0, NULL, 8));
  show("syscall: EPOLL_CTL_DEL",
       syscall(SYS_epoll_ctl, epoll, wide | EPOLL_CTL_DEL, fds[1], nowhere));
  show("send all there could be", send(fds[0], nowhere, SIZE_MAX, MSG_DONTWAIT));
  show("syscall: close", syscall(SYS_close, wide | copy));
  show("write to what was closed", write((int)copy, bytes, 3));
  return 0;
}
