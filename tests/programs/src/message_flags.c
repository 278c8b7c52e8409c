// SPDX-License-Identifier: Apache-2.0
// Flags that make a result mean something else: MSG_PEEK, MSG_TRUNC (more than the buffer, or no
// buffer at all), MSG_DONTWAIT, MSG_ZEROCOPY with its error queue.
#include <poll.h>
#include <time.h>
// It uses the one before.
#include <linux/errqueue.h>

#include "tests/programs/src/support.h"

static char* volatile no_buffer = NULL;

static void peek(void) {
  int fds[2];
  char bytes[10];
  tcp_pair(fds);
  show("send", send(fds[0], "hello", 5, 0));
  show("peek", recv(fds[1], bytes, 3, MSG_PEEK));
  show("peek", recv(fds[1], bytes, sizeof bytes, MSG_PEEK));
  show("peek and truncate", recv(fds[1], no_buffer, 100, MSG_PEEK | MSG_TRUNC));
  show("recv", recv(fds[1], bytes, sizeof bytes, 0));
  show("don't wait", recv(fds[1], bytes, sizeof bytes, MSG_DONTWAIT));
}

static void truncate_stream(void) {
  int fds[2];
  char bytes[10] = "untouched";
  tcp_pair(fds);
  show("send", send(fds[0], "0123456789", 10, 0));
  show("into NULL", recv(fds[1], no_buffer, 4, MSG_TRUNC));
  show("into a buffer", recv(fds[1], bytes, 3, MSG_TRUNC));
  say("%s\n", bytes);
  show("the rest", recv(fds[1], bytes, sizeof bytes, 0));
}

static void truncate_datagram(void) {
  int fds[2];
  char bytes[4];
  struct iovec buffer = {bytes, sizeof bytes};
  struct msghdr message = {.msg_iov = &buffer, .msg_iovlen = 1};
  require(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds) == 0, "socketpair");
  for (int i = 0; i < 3; ++i) show("send", send(fds[0], "0123456789", 10, 0));
  show("more than there is room", recv(fds[1], bytes, sizeof bytes, MSG_TRUNC));
  show("no room", recv(fds[1], bytes, 0, MSG_TRUNC));
  show("recvmsg", recvmsg(fds[1], &message, MSG_TRUNC));
  show("cut off", (message.msg_flags & MSG_TRUNC) != 0);
}

// The notification says which of the sends it is about.
static void read_errors(int fd) {
  char control[200];
  struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};
  struct pollfd item = {fd, 0, 0};
  show("poll", poll(&item, 1, -1));
  show("error queue", recvmsg(fd, &message, MSG_ERRQUEUE));
  const struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  struct sock_extended_err error;
  memcpy(&error, CMSG_DATA(header), sizeof error);
  say("errno %u, origin %u, %u to %u\n", error.ee_errno, error.ee_origin, error.ee_info,
      error.ee_data);
}

static void send_without_copying(void) {
  enum { kSize = 20000 };
  static char bytes[kSize];
  static char back[kSize];
  const int one = 1;
  int fds[2];
  tcp_pair(fds);
  memset(bytes, 'z', sizeof bytes);
  show("SO_ZEROCOPY", setsockopt(fds[0], SOL_SOCKET, SO_ZEROCOPY, &one, sizeof one));
  show("send", send(fds[0], bytes, sizeof bytes, MSG_ZEROCOPY));
  show("recv", recv(fds[1], back, sizeof back, MSG_WAITALL));
  show("equal", memcmp(bytes, back, sizeof bytes) == 0);
  read_errors(fds[0]);
}

int main(void) {
  peek();
  truncate_stream();
  truncate_datagram();
  send_without_copying();
  return 0;
}
