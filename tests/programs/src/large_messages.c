// SPDX-License-Identifier: Apache-2.0
// large_messages COUNT: sends and receives messages of 6,000 bytes, each one filled with its
// number, as one buffer and as an iovec of two.
#include <sys/uio.h>

#include "tests/programs/src/support.h"

enum { kSize = 6000 };

static void fill(char* message, long number) {
  for (int i = 0; i < kSize; i += 6) {
    char digits[7];
    snprintf(digits, sizeof digits, "%06ld", number);
    memcpy(message + i, digits, 6);
  }
}

int main(int argc, char** argv) {
  const long count = argument(argc, argv, 1, 500);
  char message[kSize];
  char back[kSize];
  int fds[2];
  require(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) == 0, "socketpair");
  for (long i = 0; i < count; ++i) {
    const struct iovec halves[2] = {{message, kSize / 3}, {message + kSize / 3, kSize * 2 / 3}};
    fill(message, i);
    require(send(fds[0], message, kSize, 0) == kSize, "send");
    require(recv(fds[1], back, kSize, 0) == kSize, "recv");
    require(writev(fds[0], halves, 2) == kSize, "writev");
    require(recv(fds[1], back, kSize, 0) == kSize, "recv");
    require(memcmp(message, back, kSize) == 0, "compare");
  }
  say("%ld messages\n", count);
  return 0;
}
