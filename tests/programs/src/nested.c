// SPDX-License-Identifier: Apache-2.0
// nested FILE CALLS SIGNALS: main receives and sends numbered messages on one socket pair while
// another thread showers it with signals, whose handler sends numbered messages on a second pair.
// The counts of both go into FILE.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "tests/programs/src/support.h"

struct counts {
  atomic_ulong main_sent, handler_sent;
};

static struct counts* counts;
static int main_pair[2];
static int handler_pair[2];
static atomic_int ended;
static pthread_t main_thread;
static unsigned long wanted_signals;

static void handle(int signal_number) {
  (void)signal_number;
  const int saved = errno;
  const uint64_t number = counts->handler_sent;
  uint64_t back;
  if (send(handler_pair[0], &number, sizeof number, 0) != sizeof number) _exit(97);
  if (recv(handler_pair[1], &back, sizeof back, 0) != sizeof back || back != number) _exit(96);
  counts->handler_sent = number + 1;
  errno = saved;
}

static void* shower(void* unused) {
  (void)unused;
  while (!ended) pthread_kill(main_thread, SIGUSR1);
  return NULL;
}

static void call(unsigned long number) {
  uint64_t back = 0;
  char byte;
  ssize_t size;
  if (recv(main_pair[0], &byte, 1, MSG_DONTWAIT) != -1 || errno != EAGAIN) _exit(95);
  if (send(main_pair[0], &number, sizeof number, 0) != sizeof number) _exit(94);
  do size = recv(main_pair[1], &back, sizeof back, 0);
  while (size == -1 && errno == EINTR);
  if (size != sizeof back || back != number) _exit(93);
  counts->main_sent = number + 1;
}

int main(int argc, char** argv) {
  require(argc == 4, "usage");
  const int file = open(argv[1], O_RDWR | O_CREAT, 0600);
  require(file >= 0 && ftruncate(file, sizeof *counts) == 0, "file");
  counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  const unsigned long calls = strtoul(argv[2], NULL, 10);
  wanted_signals = strtoul(argv[3], NULL, 10);
  unix_pair(main_pair);
  unix_pair(handler_pair);
  main_thread = pthread_self();
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  pthread_t thread;
  pthread_create(&thread, NULL, shower, NULL);
  for (unsigned long i = 0; i < calls || counts->handler_sent < wanted_signals; ++i) call(i);
  ended = 1;
  pthread_join(thread, NULL);
  say("done\n");
  return 0;
}
