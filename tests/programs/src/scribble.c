// SPDX-License-Identifier: Apache-2.0
// scribble SEED MILLISECONDS: a child that has become another user writes nonsense all over the
// region, if there is one, while its parent makes calls in new threads and new processes; all of
// those must go on as if nothing happened. What is written follows from SEED.
#include <pthread.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/programs/src/support.h"

static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static uint64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint32_t odd(void) {
  const uint64_t numbers[] = {0,
                              1,
                              8,
                              4095,
                              12288,
                              INT32_MAX,
                              UINT32_MAX,
                              next() >> 32,
                              next(),
                              (uint64_t)getpid(),
                              (uint64_t)getppid()};
  return (uint32_t)numbers[next() % (sizeof numbers / sizeof *numbers)];
}

// The mapping of the region, as /proc knows it.
static int find_region(char** begin, char** end) {
  FILE* maps = fopen("/proc/self/maps", "r");
  char line[512];
  unsigned long low = 0, high = 0;
  while (fgets(line, sizeof line, maps) != NULL)
    if (strstr(line, "wireseam-region") != NULL) sscanf(line, "%lx-%lx", &low, &high);
  fclose(maps);
  *begin = (char*)low;
  *end = (char*)high;
  return low != 0;
}

// Mostly its beginning, and the beginnings of pages: there lies what others go by.
static uint32_t* some_word(char* begin, char* end) {
  const uint64_t size = (uint64_t)(end - begin);
  if (next() % 2 == 0) return (uint32_t*)(begin + next() % 128 / 4 * 4);
  if (next() % 2 == 0) return (uint32_t*)(begin + next() % 8192 / 4 * 4);
  if (next() % 2 == 0)
    return (uint32_t*)(begin + next() % (size / 4096) * 4096 + next() % 64 / 4 * 4);
  return (uint32_t*)(begin + next() % (size / 4) * 4);
}

static void scribble(uint64_t milliseconds) {
  char *begin, *end;
  if (geteuid() == 0) require(setuid(65534) == 0, "setuid");
  if (!find_region(&begin, &end)) _exit(0);
  const uint64_t until = now_ms() + milliseconds;
  while (now_ms() < until)
    for (int i = 0; i < 1000; ++i) *some_word(begin, end) = odd();
  _exit(0);
}

static void* converse(void* unused) {
  (void)unused;
  int fds[2];
  char bytes[6] = "";
  unix_pair(fds);
  for (int i = 0; i < 20; ++i) {
    require(send(fds[0], "hello", 5, 0) == 5, "send");
    require(recv(fds[1], bytes, sizeof bytes, 0) == 5 && strcmp(bytes, "hello") == 0, "recv");
  }
  close(fds[0]);
  close(fds[1]);
  return NULL;
}

static void converse_in_a_thread(void) {
  pthread_t thread;
  require(pthread_create(&thread, NULL, converse, NULL) == 0, "pthread_create");
  pthread_join(thread, NULL);
}

static void converse_in_a_process(void) {
  int status = -1;
  const pid_t child = fork();
  if (child == 0) {
    converse(NULL);
    _exit(3);
  }
  require(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3, "child");
}

int main(int argc, char** argv) {
  require(argc == 3, "arguments");
  state = strtoull(argv[1], NULL, 10) * 0x9e3779b97f4a7c15u + 1;
  const uint64_t milliseconds = strtoull(argv[2], NULL, 10);
  int status = -1;
  const pid_t child = fork();
  if (child == 0) scribble(milliseconds);
  while (waitpid(child, &status, WNOHANG) == 0) {
    converse_in_a_thread();
    converse_in_a_process();
  }
  say("scribbled: %d\n", status);
  return 7;
}
