// SPDX-License-Identifier: Apache-2.0
// nested FILE CALLS: main sends numbered messages to itself. Each that arrives raises SIGIO inside
// the call that sent it, and a timer raises SIGALRM anywhere; both handlers send numbered messages
// on sockets of their own. How many each has sent goes into FILE, whose three counts outlive the
// process.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "tests/programs/src/support.h"

struct sender {
  int fds[2];
  volatile uint64_t* sent;
};

static struct sender from_main;
static struct sender from_io;
static struct sender from_timer;

// The three end up with other statuses, so that one sees who failed.
static void send_number(struct sender* sender, int status) {
  const uint64_t number = *sender->sent;
  uint64_t back = 0;
  char byte;
  ssize_t size;
  if (recv(sender->fds[0], &byte, 1, MSG_DONTWAIT) != -1 || errno != EAGAIN) _exit(status);
  if (send(sender->fds[0], &number, sizeof number, 0) != sizeof number) _exit(status + 1);
  do size = recv(sender->fds[1], &back, sizeof back, 0);
  while (size == -1 && errno == EINTR);
  if (size != sizeof back || back != number) _exit(status + 2);
  *sender->sent = number + 1;
}

static void handle(int signal_number) {
  const int saved = errno;
  if (signal_number == SIGIO)
    send_number(&from_io, 20);
  else
    send_number(&from_timer, 30);
  errno = saved;
}

// Other signals may interrupt it.
static void catch (int signal_number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;
  require(sigaction(signal_number, &action, NULL) == 0, "sigaction");
}

static void prepare(struct sender* sender, volatile uint64_t* sent) {
  unix_pair(sender->fds);
  sender->sent = sent;
}

int main(int argc, char** argv) {
  require(argc == 3, "usage");
  const int file = open(argv[1], O_RDWR | O_CREAT, 0600);
  require(file >= 0 && ftruncate(file, 3 * sizeof(uint64_t)) == 0, "file");
  uint64_t* counts = mmap(NULL, 3 * sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  prepare(&from_main, counts);
  prepare(&from_io, counts + 1);
  prepare(&from_timer, counts + 2);
  catch (SIGIO);
  catch (SIGALRM);
  require(fcntl(from_main.fds[1], F_SETOWN, getpid()) == 0, "F_SETOWN");
  require(fcntl(from_main.fds[1], F_SETFL, O_ASYNC) == 0, "O_ASYNC");
  const struct itimerval often = {{0, 300}, {0, 300}};
  setitimer(ITIMER_REAL, &often, NULL);
  const uint64_t calls = strtoull(argv[2], NULL, 10);
  while (counts[0] < calls) send_number(&from_main, 10);
  say("done\n");
  _exit(0);
}
