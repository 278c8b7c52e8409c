// SPDX-License-Identifier: Apache-2.0
// broken_pipe HOW: the peer has closed; the next send raises SIGPIPE, which kills.
#include <pthread.h>
#include <sys/uio.h>

#include "tests/programs/src/support.h"

static int fds[2];

static void* send_static(void* text) {
  send(fds[0], text, 5, 0);
  return NULL;
}

static void send_on_heap(void) {
  char* text = strdup("words");
  if (write(fds[0], text, 5) == 5) say("sent\n");
  free(text);
}

static void send_message(void) {
  char first[] = "wor";
  char* second = strdup("ds");
  struct iovec vector[] = {{first, 3}, {second, 2}};
  const struct msghdr message = {.msg_iov = vector, .msg_iovlen = 2};
  sendmsg(fds[0], &message, 0);
  free(second);
}

static void send_in_thread(void) {
  pthread_t thread;
  char* text = strdup("words");
  pthread_create(&thread, NULL, send_static, text);
  pthread_join(thread, NULL);
}

int main(int argc, char** argv) {
  require(argc == 2, "usage");
  unix_pair(fds);
  close(fds[1]);
  if (strcmp(argv[1], "static") == 0) send_static("words");
  if (strcmp(argv[1], "heap") == 0) send_on_heap();
  if (strcmp(argv[1], "message") == 0) send_message();
  if (strcmp(argv[1], "thread") == 0) send_in_thread();
  return 0;
}
