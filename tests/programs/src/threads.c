// SPDX-License-Identifier: Apache-2.0
// threads THREADS ROUNDS: each thread sends a byte to itself and receives it, ROUNDS times.
#include <pthread.h>

#include "tests/programs/src/support.h"

static long rounds;
static pthread_barrier_t start;

static void* run(void* unused) {
  (void)unused;
  int fds[2];
  char byte = 'a';
  long moved = 0;
  unix_pair(fds);
  pthread_barrier_wait(&start);
  for (long i = 0; i < rounds; ++i) {
    moved += send(fds[0], &byte, 1, 0);
    moved += recv(fds[1], &byte, 1, 0);
  }
  close(fds[0]);
  close(fds[1]);
  return (void*)moved;
}

int main(int argc, char** argv) {
  const long count = argument(argc, argv, 1, 64);
  rounds = argument(argc, argv, 2, 1000);
  pthread_t* threads = calloc((size_t)count, sizeof *threads);
  pthread_barrier_init(&start, NULL, (unsigned)count);
  for (long i = 0; i < count; ++i)
    require(pthread_create(&threads[i], NULL, run, NULL) == 0, "pthread_create");
  long moved = 0;
  for (long i = 0; i < count; ++i) {
    void* result;
    pthread_join(threads[i], &result);
    moved += (long)result;
  }
  say("%ld bytes moved\n", moved);
  return 0;
}
