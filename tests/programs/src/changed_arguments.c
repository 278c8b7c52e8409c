// SPDX-License-Identifier: Apache-2.0
// A thread waits in a call; another one changes what the call was given, which the kernel copied
// when it began, and then lets it return.
#include <poll.h>
#include <pthread.h>
#include <sys/select.h>
#include <sys/uio.h>

#include "tests/programs/src/support.h"

static int ends[2];
static char bytes[16], others[16];
static struct pollfd polled[2];
static fd_set readable;
static struct timespec limit;
static struct iovec vector[2];
static struct msghdr header;
static _Atomic pid_t waiting;

// Whether the thread sleeps, in the state of proc(5).
static int sleeps(pid_t thread) {
  char path[64];
  char state = 0;
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
  FILE* file = fopen(path, "r");
  if (file == NULL) return 0;
  const int read = fscanf(file, "%*d (%*[^)]) %c", &state);
  fclose(file);
  return read == 1 && state == 'S';
}

static void name_buffers(void* buffer, int fd) {
  vector[0] = (struct iovec){buffer, 4};
  vector[1] = (struct iovec){(char*)buffer + 4, 4};
  header.msg_iov = vector;
  header.msg_iovlen = 2;
  polled[0] = (struct pollfd){fd, POLLIN, 0};
  polled[1] = (struct pollfd){-1, POLLOUT, 0};
  limit.tv_sec = fd < 0 ? 1000 : 100;
}

static void* change(void* call_number) {
  while (waiting == 0 || !sleeps(waiting)) continue;
  name_buffers(others, -1);
  memset(&readable, 0xff, sizeof readable);
  const int kind = *(int*)call_number;
  require(send(ends[0], kind == 0 ? "readv..." : "recvmsg.", 8, 0) == 8, "send");
  return NULL;
}

static void wait_in(int kind, const char* name) {
  pthread_t thread;
  waiting = 0;
  name_buffers(bytes, ends[1]);
  FD_ZERO(&readable);
  FD_SET(ends[1], &readable);
  require(pthread_create(&thread, NULL, change, &kind) == 0, "pthread_create");
  waiting = gettid();
  long result = -1;
  switch (kind) {
    case 0:
      result = readv(ends[1], vector, 2);
      break;
    case 1:
      result = recvmsg(ends[1], &header, 0);
      break;
    case 2:
      result = poll(polled, 1, 100000);
      break;
    case 3:
      result = ppoll(polled, 1, &limit, NULL);
      break;
    case 4:
      result = pselect(ends[1] + 1, &readable, NULL, NULL, &limit, NULL);
      break;
  }
  show(name, result);
  pthread_join(thread, NULL);
  if (kind > 1) require(recv(ends[1], bytes, 8, 0) == 8, "recv");
  say("%.8s, %.8s\n", bytes, others[0] != 0 ? others : "nothing");
}

int main(void) {
  unix_pair(ends);
  wait_in(0, "readv");
  wait_in(1, "recvmsg");
  wait_in(2, "poll");
  wait_in(3, "ppoll");
  wait_in(4, "pselect");
  return 0;
}
