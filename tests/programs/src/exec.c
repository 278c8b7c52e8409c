// SPDX-License-Identifier: Apache-2.0
// exec VARIANT [full|empty|null|user]: makes calls, then executes itself by that function with that
// environment; what it has become says how it was called, makes calls and ends with status 5.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

extern char** environ;

static char* self;
static char child_word[] = "child";
static char* arguments[] = {(char*)"exec", child_word, NULL};

// What tracing needs is in the environment; the rest is the program's.
static int is_for_tracing(const char* item) {
  return strncmp(item, "LD_PRELOAD=", 11) == 0 || strncmp(item, "WIRESEAM_", 9) == 0 ||
         strncmp(item, "ASAN_OPTIONS=", 13) == 0;
}

static void move_a_byte(void) {
  char byte = 'e';
  int fds[2];
  unix_pair(fds);
  require(send(fds[0], &byte, 1, 0) == 1, "send");
  require(recv(fds[1], &byte, 1, 0) == 1, "recv");
  close(fds[0]);
  close(fds[1]);
}

static int be_child(int argc, char** argv) {
  say("child: argc %d, %s\n", argc, argv[0]);
  for (char** item = environ; item != NULL && *item != NULL; ++item)
    if (strncmp(*item, "USER_", 5) == 0 || (!is_for_tracing(*item) && getenv("USER_ALL") != NULL))
      say("%s\n", *item);
  move_a_byte();
  return 5;
}

static char** environment_named(const char* name) {
  static char* empty[] = {NULL};
  static char* user[] = {(char*)"USER_ALL=1", (char*)"USER_TEXT=some text", (char*)"LANG=C", NULL};
  if (strcmp(name, "empty") == 0) return empty;
  if (strcmp(name, "null") == 0) return NULL;
  if (strcmp(name, "user") == 0) return user;
  return environ;
}

static int spawn(int by_name, char** environment) {
  pid_t pid = -1;
  int status = -1;
  const int error = by_name ? posix_spawnp(&pid, self, NULL, NULL, arguments, environment)
                            : posix_spawn(&pid, self, NULL, NULL, arguments, environment);
  if (error != 0) {
    say("spawn: %s\n", strerror(error));
    return 1;
  }
  waitpid(pid, &status, 0);
  return WEXITSTATUS(status);
}

static void execute(const char* variant, char** environment) {
  if (strcmp(variant, "execve") == 0) execve(self, arguments, environment);
  if (strcmp(variant, "execvpe") == 0) execvpe(self, arguments, environment);
  if (strcmp(variant, "execle") == 0) execle(self, "exec", child_word, NULL, environment);
  if (strcmp(variant, "fexecve") == 0)
    fexecve(open(self, O_RDONLY | O_CLOEXEC), arguments, environment);
  if (strcmp(variant, "execveat") == 0) execveat(AT_FDCWD, self, arguments, environment, 0);
  environ = environment;
  if (strcmp(variant, "execv") == 0) execv(self, arguments);
  if (strcmp(variant, "execvp") == 0) execvp(self, arguments);
  if (strcmp(variant, "execl") == 0) execl(self, "exec", child_word, NULL);
  if (strcmp(variant, "execlp") == 0) execlp(self, "exec", child_word, NULL);
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], child_word) == 0) return be_child(argc, argv);
  require(argc == 3, "usage");
  char** environment = environment_named(argv[2]);
  self = realpath("/proc/self/exe", NULL);
  move_a_byte();
  if (strcmp(argv[1], "posix_spawn") == 0) return spawn(0, environment);
  if (strcmp(argv[1], "posix_spawnp") == 0) return spawn(1, environment);
  execute(argv[1], environment);
  show(argv[1], -1);
  return 6;
}
