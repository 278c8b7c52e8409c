// SPDX-License-Identifier: Apache-2.0
// fork_io CHILDREN ROUNDS: a thread forks children while the main thread makes calls; parent and
// children all send and receive ROUNDS times, on sockets from before the fork and on new ones.
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static long rounds;
static long children;
static atomic_int forking = 1;

static long make_calls(int send_fd, int receive_fd) {
  char byte = 'f';
  long moved = 0;
  for (long i = 0; i < rounds; ++i) {
    moved += send(send_fd, &byte, 1, 0);
    moved += recv(receive_fd, &byte, 1, 0);
  }
  return moved;
}

static void be_child(void) {
  int own[2];
  unix_pair(own);
  long moved = make_calls(own[0], own[1]);
  if (fork() == 0) _exit(make_calls(own[1], own[0]) == 2 * rounds ? 0 : 1);
  int status = -1;
  wait(&status);
  _exit(moved == 2 * rounds && status == 0 ? 0 : 1);
}

static void* fork_children(void* unused) {
  (void)unused;
  for (long i = 0; i < children; ++i)
    if (fork() == 0) be_child();
  forking = 0;
  return NULL;
}

int main(int argc, char** argv) {
  children = argument(argc, argv, 1, 20);
  rounds = argument(argc, argv, 2, 50);
  int fds[2];
  pthread_t thread;
  unix_pair(fds);
  pthread_create(&thread, NULL, fork_children, NULL);
  do make_calls(fds[0], fds[1]);
  while (forking);
  pthread_join(thread, NULL);
  long good = 0;
  for (int status; wait(&status) > 0;) good += status == 0;
  say("%ld children did their work\n", good);
  return 0;
}
