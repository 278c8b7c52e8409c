// SPDX-License-Identifier: Apache-2.0
// Many messages by one sendmmsg and one recvmmsg, their headers on the heap.
#include "tests/programs/src/support.h"

enum { kMessages = 50, kSize = 8 };

static struct mmsghdr* headers(char* bytes) {
  struct mmsghdr* messages = calloc(kMessages, sizeof *messages);
  struct iovec* buffers = calloc(kMessages, sizeof *buffers);
  require(messages != NULL && buffers != NULL, "calloc");
  for (int i = 0; i < kMessages; ++i, bytes += kSize) {
    buffers[i] = (struct iovec){bytes, kSize};
    messages[i].msg_hdr.msg_iov = buffers + i;
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  return messages;
}

int main(void) {
  int fds[2];
  unix_pair(fds);
  show("sendmmsg", sendmmsg(fds[0], headers(calloc(kMessages, kSize)), kMessages, MSG_DONTWAIT));
  show("recvmmsg",
       recvmmsg(fds[1], headers(calloc(kMessages, kSize)), kMessages, MSG_DONTWAIT, NULL));
  return 0;
}
