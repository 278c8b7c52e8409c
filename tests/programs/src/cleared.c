// SPDX-License-Identifier: Apache-2.0
// cleared HOW [thread]: clears its environment and starts itself by system(3) (system), popen(3)
// (popen) or posix_spawn(3) (spawn), where it makes calls; with "thread" while it has two threads.
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

extern char** environ;

static char command[4200];
static char file[4100];

static int be_child(void) {
  int fds[2];
  unix_pair(fds);
  say("child: %ld, %s\n", (long)send(fds[0], "child", 5, 0), getenv("KEPT") ? "kept" : "cleared");
  return 0;
}

static void start_by_popen(void) {
  char line[100] = "";
  FILE* child = popen(command, "r");
  require(child != NULL && fgets(line, sizeof line, child) != NULL, "popen");
  say("read: %s", line);
  show("pclose", pclose(child));
}

static void start_by_spawn(void) {
  pid_t pid = -1;
  char* const arguments[] = {file, (char*)"child", NULL};
  require(posix_spawn(&pid, file, NULL, NULL, arguments, environ) == 0, "posix_spawn");
  waitpid(pid, NULL, 0);
}

static void* in_thread(void* barrier) {
  pthread_barrier_wait(barrier);
  return NULL;
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "child") == 0) return be_child();
  require(argc >= 2, "usage");
  pthread_t thread;
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, NULL, 2);
  if (argc == 3) pthread_create(&thread, NULL, in_thread, &barrier);
  require(readlink("/proc/self/exe", file, sizeof file - 1) > 0, "readlink");
  snprintf(command, sizeof command, "%s child", file);
  clearenv();
  setenv("KEPT", "1", 1);
  if (strcmp(argv[1], "system") == 0) show("system", system(command));
  if (strcmp(argv[1], "popen") == 0) start_by_popen();
  if (strcmp(argv[1], "spawn") == 0) start_by_spawn();
  setenv("LATER", "1", 1);
  for (char** item = environ; *item != NULL; ++item) say("%s\n", *item);
  if (argc == 3) pthread_barrier_wait(&barrier);
  if (argc == 3) pthread_join(thread, NULL);
  return 0;
}
