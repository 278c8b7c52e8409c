// SPDX-License-Identifier: Apache-2.0
// loading LIBRARY: libraries that the shim does not stand before. One is loaded with RTLD_DEEPBIND
// and one in a namespace of its own (dlmopen), so their calls go to libc; the program goes on with
// the sockets that they made and closed.
#include <dlfcn.h>
#include <fcntl.h>

#include "tests/programs/src/support.h"

typedef void (*make_pair_function)(int*);
typedef long (*send_text_function)(int, const char*);
typedef void (*close_pair_function)(const int*);

static void use(void* library, const char* how) {
  int fds[2];
  char bytes[10];
  require(library != NULL, how);
  __extension__ const make_pair_function make_pair =
      (make_pair_function)dlsym(library, "make_pair");
  __extension__ const send_text_function send_text =
      (send_text_function)dlsym(library, "send_text");
  __extension__ const close_pair_function close_pair =
      (close_pair_function)dlsym(library, "close_pair");
  make_pair(fds);
  show(how, send_text(fds[0], "from the library"));
  show("send", send(fds[1], "from main", 9, 0));
  show("recv", recv(fds[1], bytes, sizeof bytes, 0));
  show("read", read(fds[0], bytes, sizeof bytes));
  close_pair(fds);
  require(open("file", O_CREAT | O_RDWR, 0600) == fds[0], "open");
  show("write", write(fds[0], "text", 4));
  show("send", send(fds[0], "no socket", 9, 0));
  close(fds[0]);
}

int main(int argc, char** argv) {
  require(argc == 2, "usage");
  use(dlopen(argv[1], RTLD_NOW | RTLD_DEEPBIND), "RTLD_DEEPBIND");
  use(dlmopen(LM_ID_NEWLM, argv[1], RTLD_NOW), "dlmopen");
  return 0;
}
