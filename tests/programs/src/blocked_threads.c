// SPDX-License-Identifier: Apache-2.0
// blocked_threads THREADS: all of them wait in recv at once, then each gets its byte.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/ioctl.h>

#include "tests/programs/src/support.h"

static int (*pairs)[2];
static atomic_long entered;

static void* run(void* index) {
  char byte = 0;
  atomic_fetch_add(&entered, 1);
  const ssize_t size = recv(pairs[(intptr_t)index][1], &byte, 1, 0);
  return (void*)(size == 1 && byte == 'w' ? 1L : 0L);
}

int main(int argc, char** argv) {
  const long count = argument(argc, argv, 1, 2000);
  pthread_t* threads = calloc((size_t)count, sizeof *threads);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 64 * 1024);
  pairs = calloc((size_t)count, sizeof *pairs);
  for (long i = 0; i < count; ++i) {
    unix_pair(pairs[i]);
    require(pthread_create(&threads[i], &small, run, (void*)i) == 0, "pthread_create");
  }
  while (atomic_load(&entered) < count) sched_yield();
  for (long i = 0; i < count; ++i) require(send(pairs[i][0], "w", 1, 0) == 1, "send");
  long woken = 0;
  for (long i = 0; i < count; ++i) {
    void* result;
    pthread_join(threads[i], &result);
    woken += (long)result;
  }
  say("%ld threads woken\n", woken);
  return 0;
}
