// SPDX-License-Identifier: Apache-2.0
// Handles the signal of that number, sends it to its whole process group, as kill(2) or as the
// owner of a socket, and says how often it came.
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "tests/programs/src/support.h"

static volatile sig_atomic_t came;

static void count(int number) {
  (void)number;
  ++came;
}

static void wait_for_more(void) {
  struct timespec left = {0, 100000000};
  while (nanosleep(&left, &left) != 0) continue;
}

int main(int arguments, char** words) {
  const int number = arguments > 1 ? atoi(words[1]) : SIGIO;
  int ends[2];
  unix_pair(ends);
  signal(number, count);
  if (arguments > 1) {
    require(kill(0, number) == 0, "kill");
  } else {
    require(fcntl(ends[1], F_SETOWN, -getpgrp()) == 0, "F_SETOWN");
    require(fcntl(ends[1], F_SETFL, O_ASYNC) == 0, "F_SETFL");
  }
  show("send", send(ends[0], "x", 1, 0));
  wait_for_more();
  say("it came %d times\n", (int)came);
  return 5;
}
