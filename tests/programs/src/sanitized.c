// SPDX-License-Identifier: Apache-2.0
// Built with the address sanitizer, whose memcpy(3) ends the program that reads beyond an object:
// short strings and lists just before what is not to be read.
#include <netdb.h>
#include <spawn.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

static char true_path[] = "/bin/true";
static char* words[] = {true_path, NULL};
static char* variables[] = {"A=1", NULL};

static void wait_for(pid_t child) {
  int status = -1;
  waitpid(child, &status, 0);
  show("child", status);
}

int main(void) {
  char on_stack[] = "/bin/true";
  char* few_words[] = {on_stack, NULL};
  char* few_variables[] = {strdup("A=1"), NULL};
  struct addrinfo* found = NULL;
  pid_t child = -1;
  show("posix_spawn", posix_spawn(&child, true_path, NULL, NULL, words, variables));
  wait_for(child);
  child = vfork();
  if (child == 0) {
    execve(on_stack, few_words, few_variables);
    _exit(1);
  }
  wait_for(child);
  show("getaddrinfo", getaddrinfo("127.0.0.1", "80", NULL, &found));
  freeaddrinfo(found);
  free(few_variables[0]);
  execve(strdup(true_path), few_words, variables);
  return 1;
}
