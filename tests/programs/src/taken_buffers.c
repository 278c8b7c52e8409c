// SPDX-License-Identifier: Apache-2.0
// All that a call names lies in memory that another thread overwrites and unmaps as soon as it can
// know that the kernel is done with it: when it has received the last byte, while the call is on
// its way back. Each call is made several times; its bytes begin with the call's name and a count.
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "tests/programs/src/support.h"

enum { kPayload = 1 << 20, kArena = kPayload + 8192, kTimes = 5 };

// What a request is made of, in the order in which it is used.
struct request {
  struct iovec vector[2];
  struct mmsghdr messages[1];
  char control[CMSG_SPACE(sizeof(struct ucred))];
  char payload[kPayload];
};

static int ends[2];
static struct request* volatile current;

static void* take_away(void* unused) {
  char* received = malloc(kPayload);
  for (;;) {
    for (size_t got = 0; got < kPayload;) {
      const ssize_t more = recv(ends[1], received + got, kPayload - got, 0);
      if (more <= 0) return unused;
      got += (size_t)more;
    }
    struct request* request = current;
    memset(request, 'B', offsetof(struct request, payload) + 64);
    munmap(request, kArena);
    const char done = 1;
    send(ends[1], &done, 1, 0);
  }
}

static struct request* make_request(const char* name, int count) {
  struct request* made =
      mmap(NULL, kArena, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  require(made != MAP_FAILED, "mmap");
  memset(made->payload, '.', kPayload);
  made->payload[sprintf(made->payload, "%s %d", name, count)] = '.';
  made->vector[0] = (struct iovec){made->payload, 1000};
  made->vector[1] = (struct iovec){made->payload + 1000, kPayload - 1000};
  struct msghdr* header = &made->messages[0].msg_hdr;
  header->msg_iov = made->vector;
  header->msg_iovlen = 2;
  header->msg_control = made->control;
  header->msg_controllen = sizeof made->control;
  const struct ucred self = {getpid(), getuid(), getgid()};
  struct cmsghdr* item = CMSG_FIRSTHDR(header);
  *item = (struct cmsghdr){CMSG_LEN(sizeof self), SOL_SOCKET, SCM_CREDENTIALS};
  memcpy(CMSG_DATA(item), &self, sizeof self);
  return current = made;
}

#define TRY(name, expected, call)                     \
  for (int i = 0; i < kTimes; ++i) {                  \
    struct request* r = make_request(name, i);        \
    char done = 0;                                    \
    require((call) == (expected), name);              \
    require(recv(ends[0], &done, 1, 0) == 1, "recv"); \
  }

int main(void) {
  pthread_t thread;
  unix_pair(ends);
  require(pthread_create(&thread, NULL, take_away, NULL) == 0, "pthread_create");
  TRY("send", kPayload, send(ends[0], r->payload, kPayload, 0))
  TRY("sendto", kPayload, sendto(ends[0], r->payload, kPayload, 0, NULL, 0))
  TRY("write", kPayload, write(ends[0], r->payload, kPayload))
  TRY("writev", kPayload, writev(ends[0], r->vector, 2))
  TRY("pwritev2", kPayload, pwritev2(ends[0], r->vector, 2, -1, 0))
  TRY("sendmsg", kPayload, sendmsg(ends[0], &r->messages[0].msg_hdr, 0))
  TRY("sendmmsg", 1, sendmmsg(ends[0], r->messages, 1, 0))
  TRY("syscall", kPayload, syscall(SYS_sendto, ends[0], r->payload, kPayload, 0, NULL, 0))
  shutdown(ends[0], SHUT_WR);
  pthread_join(thread, NULL);
  say("done\n");
  return 0;
}
