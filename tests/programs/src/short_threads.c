// SPDX-License-Identifier: Apache-2.0
// short_threads COUNT: one thread after the other, each makes one call and ends.
#include <pthread.h>

#include "tests/programs/src/support.h"

static int fds[2];

static void* run(void* unused) {
  (void)unused;
  return (void*)send(fds[0], "s", 1, 0);
}

int main(int argc, char** argv) {
  const long count = argument(argc, argv, 1, 10000);
  long sent = 0;
  char byte;
  unix_pair(fds);
  for (long i = 0; i < count; ++i) {
    pthread_t thread;
    void* result;
    require(pthread_create(&thread, NULL, run, NULL) == 0, "pthread_create");
    pthread_join(thread, &result);
    sent += (long)result;
    require(recv(fds[1], &byte, 1, 0) == 1, "recv");
  }
  say("%ld sent\n", sent);
  return 0;
}
