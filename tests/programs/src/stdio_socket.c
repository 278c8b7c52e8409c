// SPDX-License-Identifier: Apache-2.0
// A socket behind a FILE*: what stdio does inside libc, and a file that gets the number after
// fclose, or by freopen.
#include <fcntl.h>

#include "tests/programs/src/support.h"

int main(void) {
  int fds[2];
  char line[100];
  tcp_pair(fds);
  FILE* out = fdopen(fds[0], "r+");
  FILE* in = fdopen(dup(fds[1]), "r+");
  show("fprintf", fprintf(out, "%s, %d\n", "a line", 42));
  show("fflush", fflush(out));
  show("fgets", fgets(line, sizeof line, in) == NULL ? -1 : (long)strlen(line));
  say("%s", line);
  show("fputs", fputs("an answer\n", in));
  show("fclose", fclose(in));
  show("fgets", fgets(line, sizeof line, out) == NULL ? -1 : (long)strlen(line));
  say("%s", line);
  show("send", send(fds[1], "bare", 4, 0));
  show("fclose", fclose(out));
  while (open("file", O_CREAT | O_RDWR, 0600) < fds[0]) continue;
  show("write", write(fds[0], "text", 4));
  show("send", send(fds[0], "no socket", 9, 0));
  FILE* again = fdopen(fds[1], "r+");
  show("freopen", freopen("file", "r+", again) == again ? 0 : -1);
  show("write", write(fds[1], "text", 4));
  show("send", send(fds[1], "no socket", 9, 0));
  return 0;
}
