// SPDX-License-Identifier: Apache-2.0
// small_stacks HOW: calls of many kinds where there is little stack: in a thread with a stack of
// PTHREAD_STACK_MIN (thread), in a handler on a stack of MINSIGSTKSZ (handler), in coroutines of 16
// KiB (coroutine); and exec from such a thread, with the environment (exec) or with one of very
// many variables instead (exec many).
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <ucontext.h>

#include "tests/programs/src/support.h"

static int pair[2];
static int wrong;

static void expect(long result, long wanted) { wrong += result != wanted; }

static void send_and_receive(void) {
  char bytes[8] = "8 bytes";
  struct iovec vector = {bytes, 8};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
  struct mmsghdr messages = {.msg_hdr = message};
  expect(send(pair[0], bytes, 8, 0), 8);
  expect(recv(pair[1], bytes, 8, 0), 8);
  expect(sendto(pair[0], bytes, 8, 0, NULL, 0), 8);
  expect(recvfrom(pair[1], bytes, 8, 0, NULL, NULL), 8);
  expect(sendmsg(pair[0], &message, 0), 8);
  expect(recvmsg(pair[1], &message, 0), 8);
  expect(sendmmsg(pair[0], &messages, 1, 0), 1);
  expect(recvmmsg(pair[1], &messages, 1, 0, NULL), 1);
  expect(write(pair[0], bytes, 8), 8);
  expect(read(pair[1], bytes, 8), 8);
  expect(writev(pair[0], &vector, 1), 8);
  expect(readv(pair[1], &vector, 1), 8);
}

static void wait_for_readiness(void) {
  struct pollfd item = {pair[0], POLLIN, 0};
  struct timeval none = {0, 0};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pair[0], &set);
  expect(poll(&item, 1, 0), 0);
  expect(select(pair[0] + 1, &set, NULL, NULL, &none), 0);
  struct epoll_event event = {.events = EPOLLIN};
  const int fd = epoll_create1(0);
  expect(epoll_ctl(fd, EPOLL_CTL_ADD, pair[0], &event), 0);
  expect(epoll_wait(fd, &event, 1, 0), 0);
  expect(close(fd), 0);
}

static void connect_and_ask(void) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  int number;
  socklen_t length = sizeof number;
  const int listener = loopback_listener(&address);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  expect(connect(fd, (struct sockaddr*)&address, sizeof address), 0);
  const int accepted = accept(listener, (struct sockaddr*)&address, &size);
  expect(getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length), 0);
  expect(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &number, length), 0);
  expect(getpeername(fd, (struct sockaddr*)&address, &size), 0);
  expect(send(fd, (void*)1, 8, 0), -1);
  expect(shutdown(fd, SHUT_RDWR), 0);
  expect(close(accepted) + close(fd) + close(listener), 0);
}

static void call_all(void) {
  send_and_receive();
  wait_for_readiness();
  connect_and_ask();
}

static void* in_thread(void* unused) {
  call_all();
  return unused;
}

static char* const executed[] = {"small_stacks", "executed", NULL};

static void* in_exec(void* unused) {
  execv("/proc/self/exe", executed);
  return unused;
}

static void* in_exec_many(void* unused) {
  enum { kVariables = 20000 };
  static char* environment[kVariables + 1];
  for (int i = 0; i < kVariables; ++i) environment[i] = "VARIABLE=1";
  execve("/proc/self/exe", executed, environment);
  return unused;
}

static void start_thread(void* (*function)(void*)) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, (size_t)sysconf(_SC_THREAD_STACK_MIN));
  require(pthread_create(&thread, &attributes, function, NULL) == 0, "pthread_create");
  pthread_join(thread, NULL);
}

static void in_handler(int number) {
  (void)number;
  send_and_receive();
}

// A page that nobody may touch lies below.
static char* guarded_stack(size_t size) {
  char* memory = mmap(NULL, size + 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  require(memory != MAP_FAILED && mprotect(memory + 4096, size, PROT_READ | PROT_WRITE) == 0,
          "stack");
  return memory + 4096;
}

// What the kernel needs at least, and what a prudent program adds for its handler.
static void start_handler(void) {
  const size_t size = (getauxval(AT_MINSIGSTKSZ) + 2 * 4096 + 4095) & ~(size_t)4095;
  const stack_t stack = {.ss_sp = guarded_stack(size), .ss_size = size};
  const struct sigaction action = {.sa_handler = in_handler, .sa_flags = SA_ONSTACK};
  require(sigaltstack(&stack, NULL) == 0, "sigaltstack");
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
}

static ucontext_t scheduler;
static ucontext_t coroutines[8];

static void in_coroutine(int number) {
  for (int i = 0; i < 100; ++i) {
    call_all();
    swapcontext(&coroutines[number], &scheduler);
  }
}

static void start_coroutines(void) {
  const int count = sizeof coroutines / sizeof *coroutines;
  for (int i = 0; i < count; ++i) {
    getcontext(&coroutines[i]);
    coroutines[i].uc_stack.ss_sp = guarded_stack(16 << 10);
    coroutines[i].uc_stack.ss_size = 16 << 10;
    coroutines[i].uc_link = &scheduler;
    makecontext(&coroutines[i], (void (*)(void))in_coroutine, 1, i);
  }
  for (int turn = 0; turn < 100; ++turn)
    for (int i = 0; i < count; ++i) swapcontext(&scheduler, &coroutines[i]);
}

int main(int argc, char** argv) {
  require(argc == 2, "usage");
  unix_pair(pair);
  if (strcmp(argv[1], "thread") == 0) start_thread(in_thread);
  if (strcmp(argv[1], "exec") == 0) start_thread(in_exec);
  if (strcmp(argv[1], "exec many") == 0) start_thread(in_exec_many);
  if (strcmp(argv[1], "handler") == 0) start_handler();
  if (strcmp(argv[1], "coroutine") == 0) start_coroutines();
  say("%s: wrong %d\n", argv[1], wrong);
}
