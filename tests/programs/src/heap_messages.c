// SPDX-License-Identifier: Apache-2.0
// heap_messages [thread]: many messages by one sendmmsg and one recvmmsg, all that they name on the
// heap; of a thread that is another one than the main thread's.
#include <pthread.h>

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

static void* send_and_receive(void* unused) {
  int fds[2];
  unix_pair(fds);
  show("sendmmsg", sendmmsg(fds[0], headers(calloc(kMessages, kSize)), kMessages, MSG_DONTWAIT));
  show("recvmmsg",
       recvmmsg(fds[1], headers(calloc(kMessages, kSize)), kMessages, MSG_DONTWAIT, NULL));
  return unused;
}

int main(int argc, char** argv) {
  pthread_t thread;
  if (argc == 1) return send_and_receive(NULL) != NULL;
  require(strcmp(argv[1], "thread") == 0, "usage");
  require(pthread_create(&thread, NULL, send_and_receive, NULL) == 0, "pthread_create");
  return pthread_join(thread, NULL);
}
