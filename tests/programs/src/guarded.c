// SPDX-License-Identifier: Apache-2.0
// Sends from memory of its own of which a page was taken away, each in another way: the kernel
// answers EFAULT, and sends it where the page is back.
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tests/programs/src/support.h"

enum { kPage = 4096, kGuardInstall = 102, kGuardRemove = 103 };

static int ends[2];
static char segment[3 * kPage] __attribute__((aligned(kPage)));

static void send_from(const char* what, char* page) {
  say("%s ", what);
  show("send", send(ends[0], page, 10, 0));
}

static void protect(const char* what, char* page) {
  require(mprotect(page, kPage, PROT_NONE) == 0, "mprotect");
  send_from(what, page);
  require(mprotect(page, kPage, PROT_READ | PROT_WRITE) == 0, "mprotect");
  send_from(what, page);
}

// Before Linux 6.13 nothing is guarded, traced or not.
static void guard(const char* what, char* page) {
  const int guarded = madvise(page, kPage, kGuardInstall) == 0;
  send_from(what, page);
  if (guarded) require(madvise(page, kPage, kGuardRemove) == 0, "madvise");
  send_from(what, page);
}

static char* page_in(char* memory) {
  return (char*)(((uintptr_t)memory + kPage - 1) / kPage * kPage);
}

int main(int count, char** words) {
  char stack[3 * kPage];
  memset(stack, 's', sizeof stack);
  unix_pair(ends);
  const char* which = count > 1 ? words[1] : "";
  if (strcmp(which, "stack") == 0) protect("protected stack", page_in(stack));
  if (strcmp(which, "stack-guard") == 0) guard("guarded stack", page_in(stack));
  if (strcmp(which, "segment-guard") == 0) guard("guarded segment", segment + kPage);
  if (strcmp(which, "heap-guard") == 0) guard("guarded heap", page_in(malloc(4 * kPage)));
  if (strcmp(which, "heap-end") == 0) {
    // libc knows nothing of it and allocates in order to print: nothing is printed meanwhile.
    say("heap whose end is given back\n");
    char* end = sbrk(2 * kPage);
    const long before = send(ends[0], end, 10, 0);
    require(syscall(SYS_brk, end) == (long)end, "brk");
    const long after = send(ends[0], end, 10, 0);
    const int error = errno;
    require(syscall(SYS_brk, end + 2 * kPage) == (long)(end + 2 * kPage), "brk");
    show("before", before);
    errno = error;
    show("after", after);
  }
  return 0;
}
