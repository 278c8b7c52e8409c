// SPDX-License-Identifier: Apache-2.0
// Sends on one TCP socket by send(2), by io_uring, and by send(2) again. Ends with 77 where the
// kernel has no io_uring for it.
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tests/programs/src/support.h"

struct ring {
  int fd;
  struct io_uring_params params;
  struct io_uring_sqe* entries;
  char* submissions;
};

static void open_ring(struct ring* ring) {
  memset(ring, 0, sizeof *ring);
  ring->fd = (int)syscall(SYS_io_uring_setup, 1, &ring->params);
  if (ring->fd < 0) {
    say("io_uring_setup: %s\n", strerror(errno));
    _exit(77);
  }
  const size_t size = ring->params.sq_off.array + ring->params.sq_entries * sizeof(unsigned);
  const int prot = PROT_READ | PROT_WRITE;
  ring->submissions = mmap(NULL, size, prot, MAP_SHARED, ring->fd, IORING_OFF_SQ_RING);
  ring->entries = mmap(NULL, sizeof *ring->entries, prot, MAP_SHARED, ring->fd, IORING_OFF_SQES);
  require(ring->submissions != MAP_FAILED && ring->entries != MAP_FAILED, "mmap");
}

static void send_by_ring(struct ring* ring, int fd, const char* text) {
  memset(ring->entries, 0, sizeof *ring->entries);
  ring->entries->opcode = IORING_OP_SEND;
  ring->entries->fd = fd;
  ring->entries->addr = (uint64_t)(uintptr_t)text;
  ring->entries->len = (uint32_t)strlen(text);
  *(unsigned*)(ring->submissions + ring->params.sq_off.array) = 0;
  __atomic_add_fetch((unsigned*)(ring->submissions + ring->params.sq_off.tail), 1,
                     __ATOMIC_RELEASE);
  const long done = syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
  require(done == 1, "io_uring_enter");
}

int main(void) {
  struct ring ring;
  int fds[2];
  char bytes[100];
  open_ring(&ring);
  tcp_pair(fds);
  send(fds[0], "before ", 7, 0);
  send_by_ring(&ring, fds[0], "hidden ");
  recv(fds[1], bytes, 14, MSG_WAITALL);
  usleep(1000);
  send(fds[0], "a text that is found again", 26, 0);
  recv(fds[1], bytes, 26, MSG_WAITALL);
  close(fds[0]);
  recv(fds[1], bytes, sizeof bytes, 0);
  close(fds[1]);
  return 0;
}
